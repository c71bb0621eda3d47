import Settings
import TensorPrograms

/// The hypergradient with respect to the rates from derivatives along random directions: the mean
/// of (∇F·v) v over standard normal v, unbiased, by forward mode alone.
///
/// Its variance grows with the number of rates; memory does not grow with the number of steps.
/// Source: Baydin, Pearlmutter, Syme, Wood and Torr, "Gradients without backpropagation" (2022).
public final class ForwardGradientHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction<[Tensor], BatchArguments, [Tensor]>
  private let evaluate: EvaluationFunction<Task>
  private let problem: InnerProblem<Task>
  private let directionTypes: [TensorType]

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, directions: Int) {
    self.problem = problem
    evaluate = EvaluationFunction(problem, like: batch)
    directionTypes = problem.rates.types.map { $0.prepending(directions) }
    function = compile(
      like: .example(problem, batch), directionTypes.map { .zeros($0) }
    ) { arguments, all in
      Tensor.sum(over: all, length: directions) { direction in
        let slope = jvp(at: arguments.hyperparameters.rates, along: direction) { rates in
          arguments.mean {
            problem.outcome($0.at(Hyperparameters(rates: rates))).objective
          }
        }.tangent
        return direction.map { $0 * slope * (1 / Double(directions)) }
      }
    }
  }

  /// The program of the tangents.
  public var program: CompiledProgram { function.program }

  /// The program's arguments; directions follow from the batch's stream.
  public func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function.tensors(BatchArguments(problem, batch, at: point), batch.normals(directionTypes))
  }

  /// The estimate at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient {
    let rates = function(
      BatchArguments(problem, batch, at: point), batch.normals(directionTypes))
    return Hypergradient(
      evaluate(batch, at: point), gradient: Hyperparameters(rates: rates))
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
    Setting("directions", \.directions, .integer(), "random directions per outer step"))

  /// Sixteen directions, unless said otherwise.
  public init(directions: Int = 16) { self.directions = directions }

  /// It differentiates with respect to rates alone.
  public var targets: Set<LearnTarget> { [.rates] }
  /// It is an estimate.
  public func isExact(steps: Int) -> Bool { false }
  /// A gradient per step, and a Hessian-vector product per step and direction.
  public func cost(steps: Int, rates: Int) -> Budget {
    Budget(gradients: steps, products: directions * steps)
  }

  /// Compiles a `ForwardGradientHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    ForwardGradientHypergradient(problem, like: batch, directions: directions)
  }
}
