import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// Runs that rates are evaluated on, numbered from 0.
  func evaluationRuns<Task: LearningTask>(
    _ problem: InnerProblem<Task>, role: EpisodeRole, count: UInt64
  ) -> EpisodeBatch {
    problem.batch(
      role: role, seed: seed, indices: 0..<count,
      sharesInitialWeights: outer.sharesInitialWeights)
  }
}
