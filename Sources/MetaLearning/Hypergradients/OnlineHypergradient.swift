import Settings
import TensorPrograms

/// The sum of one-step hypergradients along a run at constant rates: each step's effect on the loss
/// right after it, and on nothing later.
///
/// ∂α = −Σ g_{t+1}⊙s_t d_t with d_t the direction of step t; after the last step the gradient is
/// the evaluation loss's. Its value is the cost: training itself and one product per parameter.
public final class OnlineHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: PerParameterFunction<Task>

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    require(problem.rates.timeRows == nil, "one-step hypergradients need rates.time constant")
    function = PerParameterFunction(problem, like: batch) { problem.oneStepHypergradients($0) }
  }

  /// The compiled program, for those who want to read it.
  public var program: CompiledProgram { function.program }

  /// The program's arguments.
  public func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function.tensors(batch, at: point)
  }

  /// The estimate at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient {
    function(batch, at: point)
  }
}

extension InnerProblem {
  /// A run, and its one-step hypergradients with respect to one rate per parameter.
  ///
  /// A step moves every weight by its rate times something that does not depend on the rate, so
  /// that the derivative of the step with respect to the rates is that of the new weights along
  /// ones.
  fileprivate func oneStepHypergradients(
    _ run: TracedRun
  ) -> (outcome: Outcome, perParameter: [Tensor]) {
    let rates = self.rates.parameterRates(run.hyperparameters.rates)
    let weights = objective.weights(steps: specification.steps)
    let ones = rates.map { Tensor(repeating: 1, $0.type) }
    let zeros = rates.map { Tensor.zeros($0.type) }

    let (last, report) = Tensor.scan(
      Moving(state: start(of: run), moves: zeros, sums: zeros),
      over: timeline(of: run).times, run.episode.steps, length: specification.steps
    ) { carry, time, batch in
      let slope = trainingGradient(carry.state, dataset: run.dataset, batch: batch)
      let (stepped, moved) = jvp(at: rates, along: ones) { rates in
        let (state, loss) = step(
          carry.state, rates: rates, scalars: run.hyperparameters.scalars, dataset: run.dataset,
          batch: batch, time: time)
        return SteppedState(state: state, loss: loss)
      }
      let sums = carry.sums.indices.map { carry.sums[$0] + slope[$0] * carry.moves[$0] }
      return (
        Moving(state: stepped.state, moves: moved.state.weights, sums: sums),
        Unroll.StepReport(
          loss: stepped.loss,
          observation: weights.map { _ in evaluationLoss(stepped.state, run) })
      )
    }
    let (loss, slope) = evaluationGradient(last.state, run)
    let objective: Tensor =
      switch self.objective {
      case .final: loss
      case .training: report.loss.mean()
      case .mean, .weighted:
        (report.observation! * Tensor(weights!, report.loss.type)).sum()
      }
    return (
      Outcome(objective: objective, trainingLosses: report.loss, state: last.state),
      last.sums.indices.map { last.sums[$0] + slope[$0] * last.moves[$0] }
    )
  }
}

/// What the loop carries: a state, how the last step moved its weights with the rates, and the
/// derivatives so far.
private struct Moving: ParameterStructure {
  var state: TrainingState
  var moves: [Tensor]
  var sums: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try state.visit(path / "state", body)
    try moves.visit(path / "moves", body)
    try sums.visit(path / "sums", body)
  }
}

/// Each step's effect on the loss right after it.
public struct OnlineEstimator: HypergradientEstimator {
  /// The word for it.
  public static let word = "online"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("each step's effect on the loss right after it")

  /// The one-step hypergradient.
  public init() {}

  /// It differentiates with respect to rates alone.
  public var targets: Set<LearnTarget> { [.rates] }
  /// Each run by itself.
  public var tellsSpread: Bool { true }
  /// It forgets all later steps.
  public func isExact(steps: Int) -> Bool { false }
  /// A gradient per step.
  public func cost(steps: Int, rates: Int) -> Budget { Budget(gradients: steps) }
  /// Rates that change over time have no sum.
  public func conflict(
    steps: Int, rates: RateSpecification, isHorizonFixed: Bool
  ) -> String? { conflictOfTimedRates(rates) }

  /// Compiles a `OnlineHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    OnlineHypergradient(problem, like: batch)
  }
}
