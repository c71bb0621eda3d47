import TensorPrograms

/// Directional derivatives of the mean objective by central differences, to check the others.
public struct FiniteDifferences<Task: LearningTask>: Sendable {
  private let evaluate: EvaluationFunction<Task>

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    evaluate = EvaluationFunction(problem, like: batch)
  }

  /// The program of the runs.
  public var program: CompiledProgram { evaluate.program }

  /// (F(r + h d) − F(r − h d)) / 2h at unconstrained rates r along a direction d.
  public func derivative(
    _ batch: EpisodeBatch, at point: Hyperparameters, along direction: [Tensor], step: Double
  ) -> Double {
    func objective(_ distance: Double) -> Double {
      var moved = point
      moved.rates = zip(point.rates, direction).map { $0 + distance * $1 }
      return evaluate(batch, at: moved).objective
    }
    return (objective(step) - objective(-step)) / (2 * step)
  }
}
