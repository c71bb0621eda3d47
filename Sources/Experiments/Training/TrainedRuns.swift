import Checkpoints
import Configurations
import MetaLearning
import Reports
import TensorPrograms

/// Training with rates as a configuration has them: losses step by step on validation runs, and
/// where test runs end.
package struct TrainedRuns: Sendable {
  package let configuration: RunConfiguration
  /// What was taken from checkpoints, in words.
  package let startNotes: [String]
  /// Losses of validation runs.
  package let curves: InnerCurves
  /// Test runs: data, weights and batch orders that neither learning nor choosing sees.
  package let test: Evaluation
  /// The first validation run as arrays.
  package let first: KeptRun

  /// At most so many evaluations a run, besides the first and the last.
  package static let mostEvaluations = 200

  /// Trains.
  ///
  /// - Throws: what starting from other files may throw, and `RateError`.
  package init(_ configuration: RunConfiguration) throws {
    try self.init(configuration, try configuration.makeTask(isReported: true))
  }

  private init<Task: LearningTask>(_ configuration: RunConfiguration, _ task: Task) throws {
    let (specified, notes) = try configuration.prepared(task)
    var learned = try specified.initialLearned(configuration.outer, seed: configuration.seed)
    let problem = specified.training(for: configuration.evaluationSteps)
    // Nothing is learned: scalars are as they are specified.
    learned.scalars = []
    let point = problem.hyperparameters(learned)
    func runs(_ role: EpisodeRole) -> EpisodeBatch {
      problem.evaluationRuns(
        configuration.outer, seed: configuration.seed, role: role,
        count: UInt64(configuration.testRuns))
    }
    self.configuration = configuration
    startNotes = notes
    let (validation, test) = (runs(.validation), runs(.test))
    let every = CurveFiles.distance(
      steps: problem.specification.steps, evaluations: Self.mostEvaluations)
    curves = CurveFunction(problem, like: validation, every: every)(validation, at: point)
    first = KeptRun(problem, validation, at: point, end: curves.end)
    self.test = EvaluationFunction(problem, like: test)(test, at: point)
  }
}
