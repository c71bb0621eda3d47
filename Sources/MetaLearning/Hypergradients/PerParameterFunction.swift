import TensorPrograms

/// A hypergradient that is worked out for one rate per parameter, for each run alone, and then
/// pulled back to the unconstrained rates: compiled for batches of one form.
struct PerParameterFunction<Task: LearningTask>: Sendable {
  private let function: CompiledFunction<DifferentiatedRuns, BatchArguments>
  private let problem: InnerProblem<Task>

  /// - Parameter estimate: a run, and its hypergradient in the parameters' shapes.
  init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch,
    estimate: (TracedRun) -> (outcome: Outcome, perParameter: [Tensor])
  ) {
    self.problem = problem
    function = compile(like: .example(problem, batch)) { arguments in
      arguments.differentiated(keepsSquares: problem.keepsSquares) { run in
        let (outcome, perParameter) = estimate(run)
        let rates = problem.rates.pullback(arguments.hyperparameters.rates, perParameter)
        return (outcome, Hyperparameters(rates: rates))
      }
    }
  }

  var program: CompiledProgram { function.program }

  func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function.tensors(BatchArguments(problem, batch, at: point))
  }

  func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient {
    let runs = function(BatchArguments(problem, batch, at: point))
    return Hypergradient(runs.outcomes, gradient: runs.gradient, squares: runs.squares)
  }
}
