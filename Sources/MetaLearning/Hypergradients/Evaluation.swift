import TensorPrograms

/// What a batch of training runs comes to.
public struct Evaluation: Sendable {
  /// Each run's objective: what rates are learned for.
  public var objectives: [Double]
  /// Each run's loss of the trained weights on its evaluation data.
  public var losses: [Double]
  /// Each run's fraction of right answers; empty where the task has none.
  public var accuracies: [Double]
  /// Each run's training loss before each step, [runs, steps].
  public var trainingLosses: Tensor
  /// The trained weights, [runs, …].
  public var weights: [Tensor]

  /// The mean objective.
  public var objective: Double { objectives.reduce(0, +) / Double(objectives.count) }
}

/// Training runs at given rates without any derivative, compiled for batches of a given form.
public final class EvaluationFunction<Task: LearningTask>: Sendable {
  private let function: CompiledFunction
  private let problem: InnerProblem<Task>
  private let hasAccuracy: Bool

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    self.problem = problem
    let form = BatchForm(problem, batch)
    // Whether the task has an accuracy is known only by asking it, inside a trace.
    var measures = false
    function = compile(form.types) { values in
      let v = form.split(values)
      return Tensor.map(
        slices: v.slices, length: form.runs,
        outputs: [MapOutput](repeating: .stacked, count: 4 + problem.parameters.count)
      ) { rows in
        let own = form.run(v, rows)
        let outcome = problem.outcome(
          parameters: own.initial, raw: v.raw, scalars: v.scalars, dataset: v.dataset,
          steps: own.steps, evaluation: own.evaluation)
        let trained = problem.template.replacingTensors(outcome.final)
        let loss = problem.task.evaluationLoss(
          trained, dataset: v.dataset, batch: own.evaluation)
        let accuracy = problem.task.accuracy(trained, dataset: v.dataset, batch: own.evaluation)
        measures = accuracy != nil
        return [outcome.objective, loss, outcome.trainingLosses, accuracy ?? loss * 0]
          + outcome.final
      }
    }
    hasAccuracy = measures
  }

  /// The runs of a batch at the given rates and scalars.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Evaluation {
    let results = function(
      raw + scalars + batch.initial + problem.task.dataset + batch.steps + batch.evaluation)
    return Evaluation(
      objectives: results[0].doubles, losses: results[1].doubles,
      accuracies: hasAccuracy ? results[3].doubles : [], trainingLosses: results[2],
      weights: Array(results.dropFirst(4)))
  }
}
