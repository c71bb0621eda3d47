import Settings
import TensorPrograms

/// The hypergradient with respect to the rates from differences of the objective between mirrored
/// random perturbations of the unconstrained rates, both with the same weights and data.
///
/// For pair i with standard normal εᵢ: mean of (F(r + σεᵢ) − F(r − σεᵢ)) εᵢ / 2σ, unbiased for the
/// objective smoothed over σ. In windows, each window has a perturbation of its own and its part of
/// the objective is weighted by the sum of all perturbations so far, so that early steps are not
/// forgotten though no window is longer than the given one. Sources: Salimans et al. 2017; Vicol,
/// Metz and Sohl-Dickstein, "Unbiased gradient estimation in unrolled computation graphs with
/// persistent evolution strategies" (2021).
public final class EvolutionHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction<[Tensor], BatchArguments, [Tensor]>
  private let evaluate: EvaluationFunction<Task>
  private let problem: InnerProblem<Task>
  private let noiseTypes: [TensorType]

  /// Compiles for batches like the given one.
  public init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch, pairs: Int, deviation: Double,
    window: Int?
  ) {
    let windows = window.map { problem.specification.steps / $0 } ?? 1
    require(
      window == nil || windows * window! == problem.specification.steps,
      "\(problem.specification.steps) inner steps are not a multiple of the window \(window ?? 0)")
    require(
      windows == 1 || problem.rates.timeRows == nil,
      "evolution in windows needs rates.time constant")
    self.problem = problem
    evaluate = EvaluationFunction(problem, like: batch)
    noiseTypes = problem.rates.types.map { $0.prepending(windows).prepending(pairs) }
    function = compile(
      like: .example(problem, batch), noiseTypes.map { .zeros($0) }
    ) { arguments, noise in
      let scale = 1 / (2 * deviation * Double(pairs) * Double(batch.count))
      return Tensor.sum(over: noise, length: pairs) { noise in
        arguments.mapAndSum { run in
          (
            NoTensors(),
            problem.evolved(run, noise.map { $0 * deviation }, windows: windows)
          )
        }.summed
      }.map { $0 * (scale / deviation) }
    }
  }

  /// The program of the perturbed runs.
  public var program: CompiledProgram { function.program }

  /// The program's arguments; perturbations follow from the batch's stream.
  public func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function.tensors(BatchArguments(problem, batch, at: point), batch.normals(noiseTypes))
  }

  /// The estimate at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient {
    let rates = function(BatchArguments(problem, batch, at: point), batch.normals(noiseTypes))
    return Hypergradient(
      evaluate(batch, at: point), gradient: Hyperparameters(rates: rates))
  }
}

extension InnerProblem {
  /// Σ over windows of (L(+) − L(−)) times the perturbations so far, for one run and pair.
  ///
  /// - Parameter perturbations: of the rates' unconstrained tensors, [windows, …].
  fileprivate func evolved(
    _ run: TracedRun, _ perturbations: [Tensor], windows: Int
  ) -> [Tensor] {
    let start = start(of: run)
    let timeline = timeline(of: run)
    let length = specification.steps / windows
    let shares = objectiveShares(windows)
    let zeros = run.hyperparameters.rates.map { Tensor.zeros($0.type) }

    return Tensor.scan(
      MirroredRuns(plus: start, minus: start, perturbations: zeros, sums: zeros),
      over: timeline.times.mapTensors { $0.cut(into: windows, of: length) }, shares,
      run.episode.steps.map { $0.cut(into: windows, of: length) }, perturbations, length: windows
    ) { carry, times, shares, steps, noise in
      func train(_ state: TrainingState, _ sign: Double) -> (state: TrainingState, value: Tensor) {
        var point = run.hyperparameters
        point.rates = zip(point.rates, noise).map { $0 + sign * $1 }
        let result = Unroll(step: step, rates: rates, memory: .storeAll)(
          state, point, dataset: run.dataset, steps: steps,
          timeline: rates.timeRows == nil ? Timeline(times: times) : timeline,
          observe: objective.weights(steps: specification.steps) == nil
            ? nil : { evaluationLoss($0, run) })
        let value =
          objective == .final
          ? shares.end * evaluationLoss(result.state, run)
          : ((result.report.observation ?? result.report.loss) * shares.steps).sum()
        return (result.state, value)
      }
      let (plus, above) = train(carry.plus, 1)
      let (minus, below) = train(carry.minus, -1)
      let perturbations = zip(carry.perturbations, noise).map { $0 + $1 }
      let next = MirroredRuns(
        plus: plus, minus: minus, perturbations: perturbations,
        sums: zip(carry.sums, perturbations).map { $0 + (above - below) * $1 })
      return (next, NoTensors())
    }.carry.sums
  }

  private func objectiveShares(_ windows: Int) -> ObjectiveShares {
    let steps = specification.steps
    let weights: [Double] =
      switch objective {
      case .final: [Double](repeating: 0, count: steps)
      case .training: [Double](repeating: 1 / Double(steps), count: steps)
      case .mean, .weighted: objective.weights(steps: steps)!
      }
    // The evaluation loss counts where the last window ends.
    var last = [Double](repeating: 0, count: windows)
    if objective == .final { last[windows - 1] = 1 }
    return ObjectiveShares(
      steps: Tensor(weights, TensorType([windows, steps / windows], task.scalarType)),
      end: Tensor(last, TensorType([windows], task.scalarType)))
  }
}

/// How much of the objective is in a window.
private struct ObjectiveShares: ParameterStructure {
  /// The share of each step's observation, [windows, steps per window].
  var steps: Tensor
  /// The share of the evaluation loss at a window's end, [windows].
  var end: Tensor

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "steps", &steps)
    try body(path / "end", &end)
  }
}

/// What the loop over windows carries.
private struct MirroredRuns: ParameterStructure {
  var plus: TrainingState
  var minus: TrainingState
  /// The sum of all perturbations so far.
  var perturbations: [Tensor]
  var sums: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try plus.visit(path / "plus", body)
    try minus.visit(path / "minus", body)
    try perturbations.visit(path / "perturbations", body)
    try sums.visit(path / "sums", body)
  }
}

/// Differences between mirrored random perturbations of the unconstrained rates; in windows with a
/// memory of earlier perturbations where a window is given.
public struct EvolutionEstimator: HypergradientEstimator {
  /// Mirrored pairs of runs.
  public var pairs: Int
  /// The standard deviation of the perturbations.
  public var deviation: Double
  /// Steps of a window, which divide the run's; nil for whole runs.
  public var window: Int?

  /// The word for it.
  public static let word = "evolution"
  /// Pairs, deviation, window.
  public static let schema = Schema<Self>(
    "differences between mirrored random perturbations of the rates",
    Setting("pairs", \.pairs, .integer(), unit: "pairs", "mirrored pairs of runs"),
    Setting(
      "deviation", \.deviation, .number(.positive),
      "standard deviation of the perturbations of trainable numbers"),
    Setting(
      "window", \.window, .optional(.integer()), unit: "steps",
      "steps of a window, which divide the run's; none for whole runs"))

  /// Sixteen pairs of deviation 0.01 over whole runs, unless said otherwise.
  public init(pairs: Int = 16, deviation: Double = 0.01, window: Int? = nil) {
    self.pairs = pairs
    self.deviation = deviation
    self.window = window
  }

  /// It differentiates with respect to rates alone.
  public var targets: Set<LearnTarget> { [.rates] }
  /// It is an estimate.
  public func isExact(steps: Int) -> Bool { false }
  /// Two runs a pair, and one that is reported.
  public func cost(steps: Int, rates: Int) -> Budget { Budget(gradients: (2 * pairs + 1) * steps) }

  /// Windows must divide the run, whose rates and length do not change.
  public func conflict(
    steps: Int, rates: RateSpecification, isHorizonFixed: Bool
  ) -> String? {
    guard let window else { return nil }
    guard steps % window == 0 else {
      return "found a window of \(window) steps, expected one that divides the \(steps) inner steps"
    }
    guard !rates.changesOverTime || window == steps else {
      return "found windows beside rates that change over time, expected rates.time constant"
    }
    guard isHorizonFixed else {
      return "found windows beside a horizon that changes, expected outer.horizon fixed"
    }
    return nil
  }

  /// Compiles a `EvolutionHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    EvolutionHypergradient(
      problem, like: batch, pairs: pairs, deviation: deviation, window: window)
  }
}
