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
  /// The inner step's state after the last step, [runs, …]; parameters come first.
  public var state: [Tensor]
  let parameterCount: Int

  /// The trained weights, [runs, …].
  public var weights: [Tensor] { Array(state.prefix(parameterCount)) }

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
    let states = problem.step.initialState(problem.template.tensors).count
    function = compile(form.types) { values in
      let v = form.split(values)
      return Tensor.map(
        slices: v.slices, length: form.runs,
        outputs: [MapOutput](repeating: .stacked, count: 4 + states)
      ) { rows in
        let run = form.run(v, rows)
        let outcome = problem.outcome(run)
        let loss = problem.judged(outcome.state, run)
        let accuracy = problem.task.accuracy(
          problem.model(outcome.state), dataset: v.dataset, batch: run.evaluation)
        measures = accuracy != nil
        return [outcome.objective, loss, outcome.trainingLosses, accuracy ?? loss * 0]
          + outcome.state
      }
    }
    hasAccuracy = measures
  }

  /// The program, for those who want to read it.
  public var compiled: CompiledFunction { function }

  /// The program's arguments.
  public func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    BatchForm.arguments(problem, batch, raw: raw, scalars: scalars)
  }

  /// The runs of a batch at the given rates and scalars.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Evaluation {
    let results = function(arguments(batch, raw: raw, scalars: scalars))
    return Evaluation(
      objectives: results[0].doubles, losses: results[1].doubles,
      accuracies: hasAccuracy ? results[3].doubles : [], trainingLosses: results[2],
      state: Array(results.dropFirst(4)), parameterCount: problem.parameters.count)
  }
}
