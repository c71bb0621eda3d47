import MetaLearning
import TensorPrograms

extension InnerProblem {
  /// Runs that rates are judged by, numbered from 0.
  ///
  /// - Parameter initial: what runs start from where they share their initial weights; those that
  ///   learning starts from where nil.
  package func judgedRuns(
    _ outer: OuterSpecification, seed: UInt64, role: EpisodeRole, count: UInt64,
    initial: [Tensor]? = nil
  ) -> EpisodeBatch {
    batch(
      role: role, seed: seed, indices: 0..<count,
      shared: sharedInitialWeights(outer, seed: seed).map { initial ?? $0 })
  }
}
