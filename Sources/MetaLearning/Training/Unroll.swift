import TensorPrograms

/// A stretch of an inner training run as a loop over steps, to be traced and differentiated.
struct Unroll {
  /// What happens in a step.
  let step: any InnerStep
  /// How raw rates become effective ones.
  let rates: RateLayout
  /// What the reverse sweep keeps of the forward one.
  let memory: MemorySpecification

  /// What a stretch comes to.
  struct Result {
    /// The state after the last step; parameters come first.
    var state: [Tensor]
    /// The training loss before each step, [steps].
    var losses: Tensor
    /// What `observe` made of the state after each step, [steps].
    var observations: Tensor?
  }

  /// Trains from a state.
  ///
  /// - Parameters:
  ///   - raw: the rates' raw tensors, all their rows.
  ///   - slices: tensors whose row i trains the stretch's step i.
  func callAsFunction(
    _ start: [Tensor], raw: [Tensor], scalars: [Tensor], dataset: [Tensor], slices: [Tensor],
    clock: Clock, observe: (([Tensor]) -> Tensor)? = nil
  ) -> Result {
    let rateRows = clock.rows(of: raw)
    let ownRows = 2 + rateRows.count
    let (state, outputs) = scanned(
      start, [clock.steps, clock.multipliers] + rateRows + slices
    ) { state, rows in
      let now = rateRows.isEmpty ? raw : Array(rows[2..<ownRows])
      let (next, loss) = step(
        state: state, rates: rates.effective(now), scalars: scalars, dataset: dataset,
        batch: Array(rows.dropFirst(ownRows)), time: StepTime(step: rows[0], multiplier: rows[1]))
      let observation = observe.map { [$0(next)] } ?? []
      return (next, [loss] + observation)
    }
    return Result(
      state: state, losses: outputs[0], observations: outputs.count > 1 ? outputs[1] : nil)
  }

  private typealias Body = ([Tensor], [Tensor]) -> (carries: [Tensor], outputs: [Tensor])

  /// The loop under the memory policy. Segments are a loop of loops: only the state at the start of
  /// a segment is kept, and a segment's own residuals while it is swept.
  private func scanned(
    _ state: [Tensor], _ rows: [Tensor], _ body: Body
  ) -> (carries: [Tensor], outputs: [Tensor]) {
    let length = rows[0].shape[0]
    func loop(_ policy: MemoryPolicy) -> (carries: [Tensor], outputs: [Tensor]) {
      Tensor.scan(state, slices: rows, length: length, policy: policy, step: body)
    }
    switch memory {
    case .storeAll: return loop(.storeAll)
    case .everyStep: return loop(.everyStep)
    case .binomial(let snapshots): return loop(.binomial(snapshots: snapshots))
    // What compiles a hypergradient plans limits; anything else has no bytes to go by.
    case .segments, .limit:
      let width = max(1, Int(Double(length).squareRoot().rounded(.up)))
      let whole = length / width
      let cut = rows.map {
        $0.slice(0..<whole * width).reshaped(
          to: Shape([whole, width] + $0.shape.extents.dropFirst()))
      }
      let (middle, stacked) = Tensor.scan(
        state, slices: cut, length: whole, policy: .everyStep
      ) { state, rows in
        Tensor.scan(state, slices: rows, length: width, policy: .storeAll, step: body)
      }
      let outputs = stacked.map {
        $0.reshaped(to: Shape([whole * width] + $0.shape.extents.dropFirst(2)))
      }
      let rest = length - whole * width
      guard rest > 0 else { return (middle, outputs) }
      let (last, ending) = Tensor.scan(
        middle, slices: rows.map { $0.slice(whole * width..<length) }, length: rest,
        policy: .storeAll, step: body)
      return (last, zip(outputs, ending).map { Tensor.concatenate([$0, $1]) })
    }
  }
}
