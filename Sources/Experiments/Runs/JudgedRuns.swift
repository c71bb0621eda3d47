import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// Runs that rates are judged by, numbered from 0.
  ///
  /// - Parameter initial: what runs start from where they share their initial weights; those that
  ///   learning starts from where nil.
  func judgedRuns<Task: LearningTask>(
    _ problem: InnerProblem<Task>, role: EpisodeRole, count: UInt64, initial: [Tensor]? = nil
  ) -> EpisodeBatch {
    problem.batch(
      role: role, seed: seed, indices: 0..<count,
      shared: problem.sharedInitialWeights(outer, seed: seed).map { initial ?? $0 })
  }
}
