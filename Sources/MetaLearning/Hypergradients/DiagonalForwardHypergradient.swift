import Settings
import TensorPrograms

/// The hypergradient with respect to constant rates from one tangent a parameter: how each weight
/// moves with its own rate, as if no weight's rate moved another weight.
///
/// The trace S = ∂θ/∂α is carried along by a derivative of the step with all rates' tangents at 1,
/// and fades by the decay at each step; ∂α = ∇F⊙S. Exact where Hessians are diagonal and the decay
/// is 1; a model's own state is held fixed in ∇F. Source: Schraudolph, "Local gain adaptation in stochastic gradient descent" (1999).
public final class DiagonalForwardHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: PerParameterFunction<Task>

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, decay: Double) {
    require(problem.rates.timeRows == nil, "diagonal forward mode needs rates.time constant")
    function = PerParameterFunction(problem, like: batch) {
      problem.diagonalForward($0, decay: decay)
    }
  }

  /// The program.
  public var compiled: CompiledFunction { function.compiled }

  /// The program's arguments.
  public func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    function.arguments(batch, raw: raw, scalars: scalars)
  }

  /// The hypergradient at the given rates.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient { function(batch, raw: raw, scalars: scalars) }
}

extension InnerProblem {
  /// A run, and its estimate with respect to one rate a parameter.
  fileprivate func diagonalForward(_ run: TracedRun, decay: Double) -> (Outcome, [Tensor]) {
    let count = parameters.count
    let start = state(run.start)
    let rates = self.rates.parameterRates(run.raw)
    let (clock, steps) = (run.clock ?? self.clock(0..<specification.steps), specification.steps)
    let weights = objective.weights(steps: steps)
    let shares = Tensor(
      weights ?? [Double](repeating: 1 / Double(steps), count: steps),
      TensorType([steps], task.scalarType))
    let ones = rates.map { Tensor(repeating: 1, $0.type) }
    let zeros = rates.map { Tensor.zeros($0.type) }

    let (carries, outputs) = Tensor.scan(
      start + start.map { .zeros($0.type) } + zeros,
      slices: [clock.steps, clock.multipliers, shares] + run.steps, length: steps
    ) { carries, rows in
      let state = Array(carries.prefix(start.count))
      let traces = Array(carries[start.count..<2 * start.count])
      var sums = Array(carries.dropFirst(2 * start.count))
      let batch = Array(rows.dropFirst(3))
      func add(_ slope: [Tensor], _ traces: [Tensor]) {
        sums = sums.indices.map { sums[$0] + rows[2] * slope[$0] * traces[$0] }
      }
      if objective == .training {
        let slope = gradient(at: Array(state.prefix(count))) {
          trainingLoss($0, beside: state, dataset: run.dataset, batch: batch)
        }
        add(slope, traces)
      }
      // The step forgets: what is judged before it still has the whole trace.
      let (next, moved) = jvp(at: state + rates, along: traces.map { $0 * decay } + ones) {
        let result = step(
          state: Array($0.prefix(start.count)), rates: Array($0.dropFirst(start.count)),
          scalars: run.scalars, dataset: run.dataset, batch: batch,
          time: StepTime(step: rows[0], multiplier: rows[1]))
        return result.state + [result.loss]
      }
      var observation: [Tensor] = []
      if weights != nil {
        let (loss, slope) = valueAndGradient(at: Array(next.prefix(count))) {
          judged($0, beside: Array(next.dropLast()), run)
        }
        observation = [rows[2] * loss]
        add(slope, moved)
      }
      return (next.dropLast() + moved.dropLast() + sums, [next.last!] + observation)
    }
    let state = Array(carries.prefix(start.count))
    func outcome(_ objective: Tensor) -> Outcome {
      Outcome(objective: objective, trainingLosses: outputs[0], state: state)
    }
    switch objective {
    case .final:
      let (loss, slope) = valueAndGradient(at: Array(state.prefix(count))) {
        judged($0, beside: state, run)
      }
      return (outcome(loss), zip(slope, carries[start.count...]).map { $0 * $1 })
    case .training:
      return (outcome(outputs[0].mean()), Array(carries.dropFirst(2 * start.count)))
    case .mean, .weighted:
      return (outcome(outputs[1].sum()), Array(carries.dropFirst(2 * start.count)))
    }
  }
}

/// One decaying tangent a parameter, as if parameters did not act on one another.
public struct DiagonalForwardEstimator: HypergradientEstimator {
  /// What stays of a trace at each step, from 0 to 1.
  public var decay: Double

  /// The word for it.
  public static let word = "diagonalForward"
  /// The decay.
  public static let schema = Schema<Self>(
    "one decaying tangent a parameter, as if parameters did not act on one another",
    Setting("decay", \.decay, .number(.fraction), "what stays of a trace at each step"))

  /// Traces that do not decay, unless said otherwise.
  public init(decay: Double = 1) { self.decay = decay }

  /// Rates.
  public var targets: Set<LearnTarget> { [.rates] }
  /// Only for diagonal Hessians, which nothing here knows of.
  public func isExact(steps: Int) -> Bool { false }
  /// A gradient and a Hessian-vector product a step.
  public func cost(steps: Int, rates: Int) -> Budget { Budget(gradients: steps, products: steps) }
  /// Rates that change over time have no trace.
  public func conflict(
    steps: Int, rates: RateSpecification, isHorizonFixed: Bool
  ) -> String? { conflictOfTimedRates(rates) }

  /// `DiagonalForwardHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    DiagonalForwardHypergradient(problem, like: batch, decay: decay)
  }
}
