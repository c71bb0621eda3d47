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
  /// The inner step's state after the last step, [runs, …].
  public var state: TrainingState

  /// The mean objective.
  public var objective: Double { objectives.reduce(0, +) / Double(objectives.count) }
}

/// Training runs at a given point without any derivative, compiled for batches of a given form.
public final class EvaluationFunction<Task: LearningTask>: Sendable {
  private let function: CompiledFunction<EvaluatedRun, BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    self.problem = problem
    function = compile(like: .example(problem, batch)) { arguments in
      arguments.map { run in EvaluatedRun(problem, run, problem.outcome(run)) }
    }
  }

  /// The program, for those who want to read it.
  public var program: CompiledProgram { function.program }

  /// The tensors that the program is run on for a batch at the given point.
  public func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function.tensors(BatchArguments(problem, batch, at: point))
  }

  /// The runs of a batch at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Evaluation {
    Evaluation(function(BatchArguments(problem, batch, at: point)))
  }
}

extension Evaluation {
  /// What was computed of a batch's runs.
  init(_ runs: EvaluatedRun) {
    self.init(
      objectives: runs.objective.doubles, losses: runs.loss.doubles,
      accuracies: runs.accuracy?.doubles ?? [], trainingLosses: runs.trainingLosses,
      state: runs.state)
  }
}

/// What is computed of a run.
struct EvaluatedRun: ParameterStructure {
  var objective: Tensor
  var loss: Tensor
  var trainingLosses: Tensor
  var accuracy: Tensor?
  var state: TrainingState

  /// What a traced run comes to, of which its state is known.
  init<Task: LearningTask>(_ problem: InnerProblem<Task>, _ run: TracedRun, _ outcome: Outcome) {
    objective = outcome.objective
    trainingLosses = outcome.trainingLosses
    state = outcome.state!
    loss = problem.evaluationLoss(state, run)
    accuracy = problem.task.accuracy(
      problem.model(state), dataset: run.dataset, batch: run.episode.evaluation)
  }

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "objective", &objective)
    try body(path / "loss", &loss)
    try body(path / "training_losses", &trainingLosses)
    try accuracy.visit(path / "accuracy", body)
    try state.visit(path / "state", body)
  }
}
