import TensorPrograms

/// The hypergradient of each run by itself, with respect to one constant number per parameter that
/// is added to the logarithm of its rates: compiled for batches of one form.
///
/// Relative changes are comparable between parameters of whatever rate.
public final class RunwiseHypergradient<Task: LearningTask>: Sendable {
  private let function: CompiledFunction<[Tensor], BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one.
  ///
  /// - Parameters:
  ///   - problem: what is differentiated.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - averagingOrbits: whether rates are their orbits' means, so that exchanging units leaves
  ///     them what they are.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, averagingOrbits: Bool) {
    // Rates of one parameter and step each, of the runs as long as they are.
    let steps = problem.specification.steps
    let isTimed = problem.rates.timeRows != nil
    let free = problem.with(
      RateSpecification(
        granularity: .parameter, time: isTimed ? .step : .constant, parameterization: .direct),
      steps: steps)
    let orbits = averagingOrbits ? OrbitMeans(problem.rates) : nil
    self.problem = problem
    function = compile(like: .example(problem, batch)) { arguments in
      let expanded = problem.rates.expanded(arguments.hyperparameters.rates, of: steps)
      let rates = orbits?(expanded, isTimed: isTimed) ?? expanded
      let zeros = problem.parameters.types.map { Tensor.zeros($0) }
      return arguments.map { run in
        gradient(at: zeros) { shifts in
          var point = run.hyperparameters
          point.rates = zip(rates, shifts).map { $0 * (1 + $1) }
          return free.outcome(run.at(point)).objective
        }
      }
    }
  }

  /// [runs, …] for each parameter tensor.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function(BatchArguments(problem, batch, at: point))
  }
}
