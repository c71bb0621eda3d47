// Choices and loops that depend on numbers. Programs are pure and their shapes known beforehand, so
// that all of what may run runs, and what is not wanted is left out.

extension Tensor {
  /// What one of two functions gives: the first where the condition, one number, is not zero. Both
  /// run, and neither may give what is not finite where its derivative is wanted.
  public static func cond<Result: ParameterStructure>(
    _ condition: Tensor, then first: () throws -> Result, otherwise second: () throws -> Result
  ) rethrows -> Result {
    require(condition.shape == .scalar, "cond: takes one number, found \(condition.type)")
    return chosen(condition, try first(), otherwise: try second())
  }

  /// The tensors of one of two structures: of the first where the condition, one number, is not
  /// zero.
  private static func chosen<Structure: ParameterStructure>(
    _ condition: Tensor, _ first: Structure, otherwise second: Structure
  ) -> Structure {
    let (chosen, other) = (first.tensors, second.tensors)
    require(
      chosen.map(\.type) == other.map(\.type),
      "both branches must give tensors of one type, found \(chosen.map(\.type)) and "
        + "\(other.map(\.type))")
    return first.filled(
      from: TensorSource(zip(chosen, other).map { select(condition, $0, otherwise: $1) }))
  }

  /// Applies `step` to a state as long as a condition, one number of it, is not zero, and `bound`
  /// times at most: the last state, and how many steps there were, one int32 number.
  ///
  /// All `bound` steps run, and later ones change nothing, so that the loop has derivatives and may
  /// be batched: each task ends where its own condition says.
  public static func repeating<State: ParameterStructure>(
    _ start: State, while condition: (State) throws -> Tensor, bound: Int,
    policy: MemoryPolicy = .storeAll, step: (State) throws -> State
  ) rethrows -> (state: State, steps: Tensor) {
    let tensors = start.tensors
    let counts = [Tensor([1] as [Int32], shape: .scalar), Tensor([0] as [Int32], shape: .scalar)]
    let last = try scan(tensors + counts, slices: [], length: bound, policy: policy) { carry, _ in
      let state = start.filled(from: TensorSource(Array(carry.dropLast(2))))
      let isWanted = try condition(state)
      require(isWanted.shape == .scalar, "a condition is one number, found \(isWanted.type)")
      // Once it does not hold, it does not hold again.
      let runs = carry[tensors.count] * (isWanted .!= 0).converted(to: .int32)
      let next = chosen(runs, try step(state), otherwise: state)
      return (next.tensors + [runs, carry[tensors.count + 1] + runs], [])
    }.carries
    return (start.filled(from: TensorSource(Array(last.dropLast(2)))), last[tensors.count + 1])
  }
}
