import Settings
import TensorPrograms

/// The sum of one-step hypergradients along a run at constant rates: each step's effect on the loss
/// right after it, and on nothing later.
///
/// ∂α = −Σ g_{t+1}⊙s_t d_t with d_t the direction of step t; after the last step the gradient is the
/// evaluation loss's. Its value is the cost: training itself and one product a parameter.
public final class OnlineHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: PerParameterFunction<Task>

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    require(problem.rates.timeRows == nil, "one-step hypergradients need rates.time constant")
    function = PerParameterFunction(problem, like: batch) { problem.oneStepHypergradients($0) }
  }

  /// The program.
  public var compiled: CompiledFunction { function.compiled }

  /// The program's arguments.
  public func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    function.arguments(batch, raw: raw, scalars: scalars)
  }

  /// The estimate at the given rates.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient { function(batch, raw: raw, scalars: scalars) }
}

extension InnerProblem {
  /// A run, and its one-step hypergradients with respect to one rate a parameter.
  ///
  /// A step moves every weight by its rate times something that does not depend on the rate, so that
  /// the derivative of the step with respect to the rates is that of the new weights along ones.
  fileprivate func oneStepHypergradients(_ run: TracedRun) -> (Outcome, [Tensor]) {
    let count = parameters.count
    let start = state(run.start)
    let rates = self.rates.parameterRates(run.raw)
    let clock = run.clock ?? self.clock(0..<specification.steps)
    let weights = objective.weights(steps: specification.steps)
    let ones = rates.map { Tensor(repeating: 1, $0.type) }
    let zeros = rates.map { Tensor.zeros($0.type) }

    let (carries, outputs) = Tensor.scan(
      start + zeros + zeros, slices: [clock.steps, clock.multipliers] + run.steps,
      length: specification.steps
    ) { carries, rows in
      let state = Array(carries.prefix(start.count))
      let moves = Array(carries[start.count..<start.count + count])
      let sums = Array(carries.suffix(count))
      let batch = Array(rows.dropFirst(2))
      let slope = gradient(at: Array(state.prefix(count))) {
        trainingLoss($0, beside: state, dataset: run.dataset, batch: batch)
      }
      let (next, moved) = jvp(at: rates, along: ones) { rates in
        let result = step(
          state: state, rates: rates, scalars: run.scalars, dataset: run.dataset, batch: batch,
          time: StepTime(step: rows[0], multiplier: rows[1]))
        return result.state + [result.loss]
      }
      let observation = weights.map { _ in [judged(Array(next.dropLast()), run)] } ?? []
      return (
        next.dropLast() + moved.prefix(count)
          + sums.indices.map { sums[$0] + slope[$0] * moves[$0] },
        [next.last!] + observation
      )
    }
    let trained = Array(carries.prefix(start.count))
    let (loss, last) = valueAndGradient(at: Array(trained.prefix(count))) {
      judged($0, beside: trained, run)
    }
    let moves = carries[start.count..<start.count + count]
    let sums = carries.suffix(count)
    let objective: Tensor =
      switch self.objective {
      case .final: loss
      case .training: outputs[0].mean()
      case .mean, .weighted: (outputs[1] * Tensor(weights!, outputs[1].type)).sum()
      }
    return (
      Outcome(
        objective: objective, trainingLosses: outputs[0],
        state: trained),
      zip(sums, zip(last, moves)).map { $0 + $1.0 * $1.1 }
    )
  }
}

/// Each step's effect on the loss right after it.
public struct OnlineEstimator: HypergradientEstimator {
  /// The word for it.
  public static let word = "online"
  /// No settings.
  public static let schema = Schema<Self>("each step's effect on the loss right after it")

  /// The one-step hypergradient.
  public init() {}

  /// Rates.
  public var targets: Set<LearnTarget> { [.rates] }
  /// It forgets all later steps.
  public func isExact(steps: Int) -> Bool { false }
  /// A gradient a step.
  public func cost(steps: Int, rates: Int) -> Budget { Budget(gradients: steps) }
  /// Rates that change over time have no sum.
  public func conflict(
    steps: Int, rates: RateSpecification, isHorizonFixed: Bool
  ) -> String? { conflictOfTimedRates(rates) }

  /// `OnlineHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    OnlineHypergradient(problem, like: batch)
  }
}
