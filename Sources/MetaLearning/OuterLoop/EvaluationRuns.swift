import TensorPrograms

extension InnerProblem {
  /// Runs that rates are evaluated on, numbered from 0.
  package func evaluationRuns(
    _ outer: OuterSpecification, seed: UInt64, role: EpisodeRole, count: UInt64
  ) -> EpisodeBatch {
    batch(
      role: role, seed: seed, indices: 0..<count,
      sharesInitialWeights: outer.sharesInitialWeights)
  }
}
