import TensorPrograms

/// The hypergradient by reverse mode through the whole unroll: exact, unless some of it is taken
/// for constant.
///
/// Every run is differentiated inside the loop over runs, so that memory is that of the runs at
/// work, not of all.
public final class ReverseHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction<DifferentiatedRuns, BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one.
  ///
  /// - Parameters:
  ///   - problem: what is differentiated.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - treatment: what the sweep takes for constants.
  ///   - targets: with respect to what; gradients with respect to anything else come empty and cost
  ///     nothing.
  ///   - keepsState: whether results have the state after the last step.
  public init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch,
    treatment: ReverseTreatment = ReverseTreatment(),
    targets: Set<LearnTarget> = Set(LearnTarget.allCases), keepsState: Bool = false
  ) {
    self.problem = problem
    function = compile(like: .example(problem, batch)) { arguments in
      let point = arguments.hyperparameters.restricted(to: targets)
      return arguments.differentiated(keepsSquares: problem.keepsSquares) { run in
        let (objective, outcome, gradient) = valueAuxiliaryAndGradient(at: point) { point in
          var outcome = problem.outcome(run.at(point), treatment: treatment)
          if !keepsState { outcome.state = nil }
          return (outcome.objective, RunRecord(outcome))
        }
        return (outcome.outcome(objective), gradient)
      }
    }
  }

  /// The compiled program, for those who want to read it.
  public var program: CompiledProgram { function.program }

  /// The program's arguments.
  public func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function.tensors(BatchArguments(problem, batch, at: point))
  }

  /// The hypergradient at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient {
    let runs = function(BatchArguments(problem, batch, at: point))
    return Hypergradient(runs.outcomes, gradient: runs.gradient, squares: runs.squares)
  }
}

/// What a run leaves besides its objective.
private struct RunRecord: ParameterStructure {
  var trainingLosses: Tensor
  var state: TrainingState?

  init(_ outcome: Outcome) {
    (trainingLosses, state) = (outcome.trainingLosses, outcome.state)
  }

  func outcome(_ objective: Tensor) -> Outcome {
    Outcome(objective: objective, trainingLosses: trainingLosses, state: state)
  }

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "training_losses", &trainingLosses)
    try state.visit(path / "state", body)
  }
}
