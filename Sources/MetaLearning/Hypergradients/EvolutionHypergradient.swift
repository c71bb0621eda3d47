import Settings
import TensorPrograms

/// The hypergradient with respect to the rates from differences of the objective between mirrored
/// random perturbations of the raw rates, both with the same weights and data.
///
/// For pair i with standard normal εᵢ: mean of (F(r + σεᵢ) − F(r − σεᵢ)) εᵢ / 2σ, unbiased for the
/// objective smoothed over σ. In windows, each window has a perturbation of its own and its part of
/// the objective is weighted by the sum of all perturbations so far, so that early steps are not
/// forgotten though no window is longer than the given one. Sources: Salimans et al. 2017; Vicol,
/// Metz and Sohl-Dickstein, "Unbiased gradient estimation in unrolled computation graphs with
/// persistent evolution strategies" (2021).
public final class EvolutionHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction
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
    let form = BatchForm(problem, batch)
    let noiseTypes = problem.rates.types.map { $0.prepending(windows).prepending(pairs) }
    self.noiseTypes = noiseTypes
    function = compile(form.types + noiseTypes) { values in
      let v = form.split(Array(values.prefix(form.types.count)))
      let noise = Array(values.suffix(noiseTypes.count))
      let scale = 1 / (2 * deviation * Double(pairs) * Double(form.runs))
      return Tensor.map(
        slices: noise, length: pairs, outputs: v.raw.map { _ in .summed }
      ) { perturbations in
        Tensor.map(slices: v.slices, length: form.runs, outputs: v.raw.map { _ in .summed }) {
          rows in
          problem.evolved(
            form.run(v, rows), perturbations.map { $0 * deviation }, windows: windows)
        }
      }.map { $0 * (scale / deviation) }
    }
  }

  /// The program of the perturbed runs.
  public var compiled: CompiledFunction { function }

  /// The program's arguments; perturbations follow from the batch's stream.
  public func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    BatchForm.arguments(problem, batch, raw: raw, scalars: scalars) + batch.normals(noiseTypes)
  }

  /// The estimate at the given rates.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient {
    let rates = function(arguments(batch, raw: raw, scalars: scalars))
    return Hypergradient(evaluate(batch, raw: raw, scalars: scalars), rates: rates)
  }
}

extension InnerProblem {
  /// Σ over windows of (L(+) − L(−)) times the perturbations so far, for one run and pair.
  fileprivate func evolved(
    _ run: TracedRun, _ perturbations: [Tensor], windows: Int
  ) -> [Tensor] {
    let start = state(run.start)
    let clock = run.clock ?? self.clock(0..<specification.steps)
    let length = specification.steps / windows
    func cut(_ tensor: Tensor) -> Tensor {
      tensor.reshaped(to: Shape([windows, length] + tensor.shape.extents.dropFirst()))
    }
    let (shares, lastShare) = objectiveShares(windows)
    let zeros = run.raw.map { Tensor.zeros($0.type) }

    let (carries, _) = Tensor.scan(
      start + start + zeros + zeros,
      slices: [cut(clock.steps), cut(clock.multipliers), shares, lastShare]
        + run.steps.map(cut) + perturbations,
      length: windows
    ) { carries, rows in
      let noise = Array(rows.suffix(run.raw.count))
      let memory = zip(carries.dropFirst(2 * start.count), noise).map { $0 + $1 }
      func train(_ state: [Tensor], _ sign: Double) -> (state: [Tensor], value: Tensor) {
        let raw = zip(run.raw, noise).map { $0 + sign * $1 }
        let result = Unroll(step: step, rates: rates, memory: .storeAll)(
          state, raw: raw, scalars: run.scalars, dataset: run.dataset,
          slices: Array(rows.dropFirst(4).prefix(run.steps.count)),
          clock: rates.timeRows == nil ? Clock(inputs: Array(rows.prefix(2))) : clock,
          observe: objective.weights(steps: specification.steps) == nil
            ? nil : { judged($0, run) })
        let value =
          objective == .final
          ? rows[3] * judged(result.state, run)
          : ((result.observations ?? result.losses) * rows[2]).sum()
        return (result.state, value)
      }
      let (plus, above) = train(Array(carries.prefix(start.count)), 1)
      let (minus, below) = train(Array(carries[start.count..<2 * start.count]), -1)
      let sums = carries.suffix(run.raw.count)
      return (
        plus + minus + memory + zip(sums, memory).map { $0 + (above - below) * $1 }, []
      )
    }
    return Array(carries.suffix(run.raw.count))
  }

  /// How much each step's observation counts, [windows, steps a window], and how much the evaluation
  /// loss at a window's end, [windows].
  private func objectiveShares(_ windows: Int) -> (Tensor, Tensor) {
    let steps = specification.steps
    let weights: [Double] =
      switch objective {
      case .final: [Double](repeating: 0, count: steps)
      case .training: [Double](repeating: 1 / Double(steps), count: steps)
      case .mean, .weighted: objective.weights(steps: steps)!
      }
    var last = [Double](repeating: 0, count: windows)
    if objective == .final { last[windows - 1] = 1 }
    return (
      Tensor(weights, TensorType([windows, steps / windows], task.scalarType)),
      Tensor(last, TensorType([windows], task.scalarType))
    )
  }
}

/// Differences between mirrored random perturbations of the raw rates; in windows with a memory of
/// earlier perturbations where a window is given.
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

  /// Rates.
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
    guard rates.time == .constant || window == steps else {
      return "found windows beside rates that change over time, expected rates.time constant"
    }
    guard isHorizonFixed else {
      return "found windows beside a horizon that changes, expected outer.horizon fixed"
    }
    return nil
  }

  /// `EvolutionHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    EvolutionHypergradient(
      problem, like: batch, pairs: pairs, deviation: deviation, window: window)
  }
}
