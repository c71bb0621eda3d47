import Settings
import TensorPrograms

/// The hypergradient with respect to the rates from derivatives along random directions: the mean of
/// (∇F·v) v over standard normal v, unbiased, by forward mode alone.
///
/// Its variance grows with the number of rates; memory does not grow with the number of steps.
/// Source: Baydin, Pearlmutter, Syme, Wood and Torr, "Gradients without backpropagation" (2022).
public final class ForwardGradientHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction
  private let evaluate: EvaluationFunction<Task>
  private let problem: InnerProblem<Task>
  private let directionTypes: [TensorType]

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, directions: Int) {
    self.problem = problem
    evaluate = EvaluationFunction(problem, like: batch)
    let form = BatchForm(problem, batch)
    let directionTypes = problem.rates.types.map { $0.prepending(directions) }
    self.directionTypes = directionTypes
    function = compile(form.types + directionTypes) { values in
      let v = form.split(Array(values.prefix(form.types.count)))
      func objective(_ raw: [Tensor]) -> Tensor {
        Tensor.map(slices: v.slices, length: form.runs, outputs: [.summed]) { rows in
          [problem.outcome(form.run(form.run(v, rows), at: raw, [.rates])).objective]
        }[0] * (1 / Double(form.runs))
      }
      return Tensor.map(
        slices: Array(values.suffix(directionTypes.count)), length: directions,
        outputs: v.raw.map { _ in .summed }
      ) { direction in
        let slope = jvp(at: v.raw, along: direction) { [objective($0)] }.tangents[0]
        return direction.map { $0 * slope * (1 / Double(directions)) }
      }
    }
  }

  /// The program of the tangents.
  public var compiled: CompiledFunction { function }

  /// The program's arguments; directions follow from the batch's stream.
  public func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    BatchForm.arguments(problem, batch, raw: raw, scalars: scalars) + batch.normals(directionTypes)
  }

  /// The estimate at the given rates.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient {
    let rates = function(arguments(batch, raw: raw, scalars: scalars))
    return Hypergradient(evaluate(batch, raw: raw, scalars: scalars), rates: rates)
  }
}

/// Derivatives along random directions, each times its direction.
public struct ForwardGradientEstimator: HypergradientEstimator {
  /// Directions an outer step.
  public var directions: Int

  /// The word for it.
  public static let word = "forwardGradient"
  /// How many directions.
  public static let schema = Schema<Self>(
    "derivatives along random directions, each times its direction",
    Setting("directions", \.directions, .integer(), "random directions an outer step"))

  /// Sixteen directions, unless said otherwise.
  public init(directions: Int = 16) { self.directions = directions }

  /// Rates.
  public var targets: Set<LearnTarget> { [.rates] }
  /// It is an estimate.
  public func isExact(steps: Int) -> Bool { false }
  /// A gradient a step, and a Hessian-vector product a step and direction.
  public func cost(steps: Int, rates: Int) -> Budget {
    Budget(gradients: steps, products: directions * steps)
  }

  /// `ForwardGradientHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    ForwardGradientHypergradient(problem, like: batch, directions: directions)
  }
}
