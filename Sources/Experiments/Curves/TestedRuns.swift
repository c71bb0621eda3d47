import MetaLearning
import TensorPrograms

/// What runs with some rates come to: at their ends, and on the way there.
package struct TestedRuns: Sendable {
  /// Losses and accuracies at the end.
  package let end: Evaluation
  /// Losses on the way.
  package let curves: InnerCurves
}

/// Trains runs of a given form and tests them, again and again at other points.
struct TestFunction<Task: LearningTask> {
  private let evaluate: EvaluationFunction<Task>
  private let curve: CurveFunction<Task>

  /// Evaluations on the way of runs, besides the first: enough for a figure.
  private static var evaluations: Int { 50 }

  init(_ problem: InnerProblem<Task>, like runs: EpisodeBatch) {
    evaluate = EvaluationFunction(problem, like: runs)
    curve = CurveFunction(
      problem, like: runs,
      every: CurveSummary.distance(
        steps: problem.specification.steps, evaluations: Self.evaluations))
  }

  func callAsFunction(_ runs: EpisodeBatch, at point: Hyperparameters) -> TestedRuns {
    TestedRuns(end: evaluate(runs, at: point), curves: curve(runs, at: point))
  }
}
