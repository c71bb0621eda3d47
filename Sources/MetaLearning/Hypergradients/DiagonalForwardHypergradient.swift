import Settings
import TensorPrograms

/// The hypergradient with respect to constant rates from one tangent per parameter: how each weight
/// moves with its own rate, as if no weight's rate moved another weight.
///
/// The trace S = ∂θ/∂α is carried along by a derivative of the step with all rates' tangents at 1,
/// and fades by the decay at each step; ∂α = ∇F⊙S. Exact where Hessians are diagonal and the decay
/// is 1; a model's own state is held fixed in ∇F. Source: Schraudolph, "Local gain adaptation in
/// stochastic gradient descent" (1999).
public final class DiagonalForwardHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: PerParameterFunction<Task>

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, decay: Double) {
    require(problem.rates.timeRows == nil, "diagonal forward mode needs rates.time constant")
    function = PerParameterFunction(problem, like: batch) {
      problem.diagonalForward($0, decay: decay)
    }
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
  /// A run, and its estimate with respect to one rate per parameter.
  fileprivate func diagonalForward(
    _ run: TracedRun, decay: Double
  ) -> (outcome: Outcome, perParameter: [Tensor]) {
    let steps = specification.steps
    let rates = self.rates.parameterRates(run.hyperparameters.rates)
    let weights = objective.weights(steps: steps)
    let shares = Tensor(
      weights ?? [Double](repeating: 1 / Double(steps), count: steps),
      TensorType([steps], task.scalarType))
    let ones = rates.map { Tensor(repeating: 1, $0.type) }
    let start = start(of: run)

    let (last, report) = Tensor.scan(
      Traced(
        state: start, traces: start.mapTensors { .zeros($0.type) },
        sums: rates.map { .zeros($0.type) }),
      over: timeline(of: run).times, shares, run.episode.steps, length: steps
    ) { carry, time, share, batch in
      var next = carry
      func add(_ slope: [Tensor], _ traces: TrainingState) {
        next.sums = next.sums.indices.map {
          next.sums[$0] + share * slope[$0] * traces.weights[$0]
        }
      }
      if objective == .training {
        add(
          trainingGradient(carry.state, dataset: run.dataset, batch: batch), carry.traces)
      }
      // The step forgets: what is evaluated before it still has the whole trace.
      let (stepped, moved) = jvp(
        at: RatedState(state: carry.state, rates: rates),
        along: RatedState(state: carry.traces.mapTensors { $0 * decay }, rates: ones)
      ) { point in
        let (state, loss) = step(
          point.state, rates: point.rates, scalars: run.hyperparameters.scalars,
          dataset: run.dataset, batch: batch, time: time)
        return SteppedState(state: state, loss: loss)
      }
      (next.state, next.traces) = (stepped.state, moved.state)
      var report = Unroll.StepReport(loss: stepped.loss)
      if weights != nil {
        let (loss, slope) = evaluationGradient(next.state, run)
        report.observation = share * loss
        add(slope, next.traces)
      }
      return (next, report)
    }
    func outcome(_ objective: Tensor) -> Outcome {
      Outcome(objective: objective, trainingLosses: report.loss, state: last.state)
    }
    switch objective {
    case .final:
      let (loss, slope) = evaluationGradient(last.state, run)
      return (outcome(loss), zip(slope, last.traces.weights).map { $0 * $1 })
    case .training: return (outcome(report.loss.mean()), last.sums)
    case .mean, .weighted: return (outcome(report.observation!.sum()), last.sums)
    }
  }
}

/// What the loop carries: a state, how it moves with the rates, and the derivatives so far.
private struct Traced: ParameterStructure {
  var state: TrainingState
  var traces: TrainingState
  var sums: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try state.visit(path / "state", body)
    try traces.visit(path / "traces", body)
    try sums.visit(path / "sums", body)
  }
}

/// What a step is differentiated with respect to.
private struct RatedState: ParameterStructure {
  var state: TrainingState
  var rates: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try state.visit(path / "state", body)
    try rates.visit(path / "rates", body)
  }
}

/// One decaying tangent per parameter, as if parameters did not act on one another.
public struct DiagonalForwardEstimator: HypergradientEstimator {
  /// What stays of a trace at each step, from 0 to 1.
  public var decay: Double

  /// The word for it.
  public static let word = "diagonalForward"
  /// What it is, and its decay.
  public static let schema = Schema<Self>(
    "one decaying tangent per parameter, as if parameters did not act on one another",
    Setting("decay", \.decay, .number(.fraction), "what stays of a trace at each step"))

  /// Traces that do not decay, unless said otherwise.
  public init(decay: Double = 1) { self.decay = decay }

  /// It differentiates with respect to rates alone.
  public var targets: Set<LearnTarget> { [.rates] }
  /// Each run by itself.
  public var tellsSpread: Bool { true }
  /// Only for diagonal Hessians, which nothing here knows of.
  public func isExact(steps: Int) -> Bool { false }
  /// A gradient and a Hessian-vector product per step.
  public func cost(steps: Int, rates: Int) -> Budget { Budget(gradients: steps, products: steps) }
  /// Rates that change over time have no trace.
  public func conflict(
    steps: Int, rates: RateSpecification, isHorizonFixed: Bool
  ) -> String? { conflictOfTimedRates(rates) }

  /// Compiles a `DiagonalForwardHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    DiagonalForwardHypergradient(problem, like: batch, decay: decay)
  }
}
