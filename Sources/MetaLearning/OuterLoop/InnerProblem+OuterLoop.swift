import TensorPrograms

extension InnerProblem {
  /// The weights that all runs start from before anything is learned; nil where each draws its own.
  public func sharedInitialWeights(_ outer: OuterSpecification, seed: UInt64) -> [Tensor]? {
    guard outer.sharesInitialWeights else { return nil }
    return givenWeights ?? initialWeights(role: .training, seed: seed, index: 0)
  }

  /// What an outer loop starts from: rates as they are specified, initial weights where runs share
  /// them, scalars where they are learned.
  ///
  /// - Throws: `RateError` for initial values that their ranges do not give, and what reading rates
  ///   from elsewhere may throw.
  public func initialLearned(_ outer: OuterSpecification, seed: UInt64) throws -> Learned {
    Learned(
      rates: try initialRates(seed: seed),
      initialWeights: sharedInitialWeights(outer, seed: seed) ?? [],
      scalars: outer.learning.contains(.optimizerScalars) ? try unconstrainedScalars() : [])
  }

  /// The problem under the specified policy, or under the fastest one that keeps the limit in an
  /// outer loop, whose longest runs decide.
  public func planned(
    _ memory: MemorySpecification, for outer: OuterSpecification, seed: UInt64
  ) throws(MemoryError) -> InnerProblem {
    if case .policy(let policy) = memory { return remembering(policy) }
    // Rates that adapt on the way are learned without any sweep back.
    guard case .hypergradients(let targets) = outer.learning else { return remembering(.storeAll) }
    let indices = 0..<UInt64(outer.tasks)
    let isRestarted = outer.cadence == .restarted
    let batch =
      isRestarted
      ? batch(
        role: .training, seed: seed, indices: indices,
        sharesInitialWeights: outer.sharesInitialWeights)
      : stretch(
        role: .training, seed: seed, indices: indices, from: nil, start: 0,
        of: specification.steps)
    return try planned(
      memory, for: batch, estimator: outer.estimator, targets: Set(targets),
      keepsState: !isRestarted)
  }
}
