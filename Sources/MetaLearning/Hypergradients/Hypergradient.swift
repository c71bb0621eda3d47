import TensorPrograms

/// A gradient of the outer objective, the mean over a batch of runs.
public struct Hypergradient: Sendable {
  /// The mean objective.
  public var objective: Double
  /// Each run's objective.
  public var objectives: [Double]
  /// Each run's training loss before each step, [runs, steps].
  public var trainingLosses: Tensor
  /// With respect to the rates' raw tensors.
  public var rates: [Tensor]
  /// With respect to shared initial weights; empty where each run has its own.
  public var initial: [Tensor]
  /// With respect to the optimizer's scalars.
  public var scalars: [Tensor]
  /// The trained weights, [runs, …]; empty unless asked for.
  public var final: [Tensor]

  /// The square root of the sum of squares over rates and initial weights.
  public var norm: Double { globalNorm(rates + initial) }
}

/// The square root of the sum of squares of all elements.
public func globalNorm(_ tensors: [Tensor]) -> Double {
  tensors.reduce(0) { $0 + $1.doubles.reduce(0) { $0 + $1 * $1 } }.squareRoot()
}

/// The exact hypergradient of an inner problem by reverse mode through the whole unroll, compiled
/// for batches of a given form.
///
/// Every run is differentiated inside the loop over runs, so that memory is that of the runs at
/// work, not of all.
public final class ReverseHypergradient<Task: LearningTask>: Sendable {
  private let function: CompiledFunction
  private let problem: InnerProblem<Task>
  private let keepsFinal: Bool

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, keepsFinal: Bool = false) {
    self.problem = problem
    self.keepsFinal = keepsFinal
    let form = BatchForm(problem, batch)
    function = compile(form.types) { values in
      let v = form.split(values)
      let outputs: [MapOutput] =
        [.stacked, .stacked] + (keepsFinal ? problem.parameters.types.map { _ in .stacked } : [])
        + (v.raw + v.scalars + v.sharedInitial).map { _ in .summed }
      let results = Tensor.map(slices: v.slices, length: form.runs, outputs: outputs) { rows in
        let own = form.run(v, rows)
        let point = v.raw + v.scalars + v.sharedInitial
        let (values, gradient) = valuesAndGradient(at: point) { point in
          let (raw, scalars, shared) = form.splitPoint(point)
          let outcome = problem.outcome(
            parameters: form.hasOwnInitial ? own.initial : shared, raw: raw, scalars: scalars,
            dataset: v.dataset, steps: own.steps, evaluation: own.evaluation)
          return [outcome.objective, outcome.trainingLosses] + (keepsFinal ? outcome.final : [])
        }
        return values + gradient
      }
      let gradients = outputs.firstIndex(of: .summed) ?? outputs.count
      return results.enumerated().map { position, result in
        position < gradients ? result : result * (1 / Double(form.runs))
      }
    }
  }

  /// The program, for those who want to read it.
  public var compiled: CompiledFunction { function }

  /// The hypergradient at the given rates and scalars.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient {
    var results = ArraySlice(
      function(
        raw + scalars + batch.initial + problem.task.dataset + batch.steps + batch.evaluation))
    func take(_ count: Int) -> [Tensor] {
      defer { results = results.dropFirst(count) }
      return Array(results.prefix(count))
    }
    let objectives = take(1)[0].doubles
    let losses = take(1)[0]
    let final = take(keepsFinal ? problem.parameters.count : 0)
    let rates = take(raw.count)
    let ofScalars = take(scalars.count)
    return Hypergradient(
      objective: objectives.reduce(0, +) / Double(objectives.count), objectives: objectives,
      trainingLosses: losses, rates: rates, initial: Array(results), scalars: ofScalars,
      final: final)
  }
}
