import Settings
import TensorPrograms

/// The exact hypergradient with respect to rates and scalars by forward mode: one tangent a number
/// is pushed through the whole unroll, whose memory does not grow with the number of steps.
///
/// For few rates, such as one a layer.
public final class ForwardHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction
  private let evaluate: EvaluationFunction<Task>
  private let problem: InnerProblem<Task>
  private let directions: [Tensor]
  private let form: BatchForm
  private let targets: Set<LearnTarget>

  /// Compiles for batches like the given one.
  ///
  /// - Parameters:
  ///   - problem: what is differentiated.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - targets: with respect to what, of rates and scalars; gradients with respect to anything else
  ///     come empty and cost nothing.
  public init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch,
    targets: Set<LearnTarget> = Set(LearnTarget.allCases)
  ) {
    let targets = targets.intersection(ForwardEstimator().targets)
    self.problem = problem
    self.targets = targets
    evaluate = EvaluationFunction(problem, like: batch)
    let types =
      (targets.contains(.rates) ? problem.rates.types : [])
      + (targets.contains(.optimizerScalars) ? problem.scalars.map(\.type) : [])
    let count = types.reduce(0) { $0 + $1.shape.count }
    // Row k of the directions is 1 at the k-th number and 0 elsewhere.
    var start = 0
    directions = types.map { type in
      let size = type.shape.count
      var ones = [Double](repeating: 0, count: count * size)
      for position in 0..<size { ones[(start + position) * size + position] = 1 }
      start += size
      return Tensor(ones, type.prepending(count))
    }
    let form = BatchForm(problem, batch)
    self.form = form
    let directionTypes = directions.map(\.type)
    function = compile(form.types + directionTypes) { values in
      let v = form.split(Array(values.prefix(form.types.count)))
      let directions = Array(values.suffix(directionTypes.count))
      func objective(_ point: [Tensor]) -> Tensor {
        Tensor.map(slices: v.slices, length: form.runs, outputs: [.summed]) { rows in
          [problem.outcome(form.run(form.run(v, rows), at: point, targets)).objective]
        }[0] * (1 / Double(form.runs))
      }
      return Tensor.map(slices: directions, length: count, outputs: [.stacked]) { tangents in
        jvp(at: form.point(v, targets), along: tangents) { [objective($0)] }.tangents
      }
    }
  }

  /// The program of the tangents.
  public var compiled: CompiledFunction { function }

  /// The program's arguments.
  public func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    BatchForm.arguments(problem, batch, raw: raw, scalars: scalars) + directions
  }

  /// The hypergradient at the given rates and scalars.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient {
    let all = function(arguments(batch, raw: raw, scalars: scalars))[0].doubles
    var start = 0
    // A row of the directions has the form of what they are directions in.
    let gradients = directions.map { direction in
      let type = direction.type.dropFirst
      defer { start += type.shape.count }
      return Tensor(Array(all[start..<start + type.shape.count]), type)
    }
    let groups = form.split(point: gradients, targets)
    return Hypergradient(
      evaluate(batch, raw: raw, scalars: scalars), rates: groups.raw, scalars: groups.scalars)
  }
}

extension Hypergradient {
  /// What an evaluation found, with gradients that another program computed.
  public init(_ evaluation: Evaluation, rates: [Tensor], scalars: [Tensor] = []) {
    self.init(
      objective: evaluation.objective, objectives: evaluation.objectives,
      trainingLosses: evaluation.trainingLosses, rates: rates, scalars: scalars,
      state: evaluation.state)
  }
}

/// The exact hypergradient by one tangent a number, whose memory does not grow with the steps: for
/// few rates.
public struct ForwardEstimator: HypergradientEstimator {
  /// The word for it.
  public static let word = "forward"
  /// No settings.
  public static let schema = Schema<Self>("exact, by one tangent a rate: for few rates")

  /// The exact one.
  public init() {}

  /// Rates and scalars.
  public var targets: Set<LearnTarget> { [.rates, .optimizerScalars] }
  /// It is.
  public func isExact(steps: Int) -> Bool { true }
  /// Beyond this, nobody wants to wait.
  public var mostRates: Int? { 1000 }
  /// Every rate has a tangent of its own.
  public func cost(steps: Int, rates: Int) -> Budget {
    Budget(gradients: steps, products: steps * rates)
  }

  /// `ForwardHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    ForwardHypergradient(problem, like: batch, targets: targets)
  }
}
