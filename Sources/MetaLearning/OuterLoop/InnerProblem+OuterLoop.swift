import TensorPrograms

extension InnerProblem {
  /// The weights that all runs start from before anything is learned; nil where each draws its own.
  public func sharedInitialWeights(_ outer: OuterSpecification, seed: UInt64) -> [Tensor]? {
    guard outer.sharesInitialWeights else { return nil }
    return givenWeights ?? initialWeights(role: .training, seed: seed, index: 0)
  }

  /// The problem with its memory limit replaced by the fastest policy that keeps it in an outer loop,
  /// whose longest runs decide.
  public func planned(
    for outer: OuterSpecification, seed: UInt64
  ) throws(MemoryError) -> InnerProblem {
    guard case .limit = memory else { return self }
    // Rates that adapt on the way are learned without any sweep back.
    guard case .hypergradients(let targets) = outer.learning else { return remembering(.storeAll) }
    let indices = 0..<UInt64(outer.tasks)
    guard outer.cadence != .restarted else {
      let shared = sharedInitialWeights(outer, seed: seed)
      return try planned(
        for: batch(role: .training, seed: seed, indices: indices, shared: shared),
        estimator: outer.estimator, targets: Set(targets))
    }
    return try planned(
      for: stretch(
        role: .training, seed: seed, indices: indices, from: nil, start: 0,
        of: specification.steps),
      estimator: outer.estimator, targets: Set(targets), keepsState: true)
  }
}
