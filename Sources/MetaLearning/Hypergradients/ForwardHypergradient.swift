import Settings
import TensorPrograms

/// The exact hypergradient with respect to rates and scalars by forward mode: one tangent per
/// number is pushed through the whole unroll, whose memory does not grow with the number of steps.
///
/// For few rates, such as one per layer.
public final class ForwardHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction<Tensor, BatchArguments, Hyperparameters>
  private let evaluate: EvaluationFunction<Task>
  private let problem: InnerProblem<Task>
  /// Row k is 1 at the k-th number and 0 elsewhere.
  private let directions: Hyperparameters

  /// Compiles for batches like the given one.
  ///
  /// - Parameters:
  ///   - problem: what is differentiated.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - targets: with respect to what, of rates and scalars; gradients with respect to anything
  ///     else come empty and cost nothing.
  public init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch,
    targets: Set<LearnTarget> = Set(LearnTarget.allCases)
  ) {
    let targets = targets.intersection(ForwardEstimator().targets)
    self.problem = problem
    evaluate = EvaluationFunction(problem, like: batch)
    let example = BatchArguments.example(problem, batch)
    let point = example.hyperparameters.restricted(to: targets)
    let count = point.tensors.reduce(0) { $0 + $1.shape.count }
    let directions = Self.unitVectors(like: point, count: count)
    self.directions = directions
    function = compile(like: example, directions) { arguments, directions in
      let point = arguments.hyperparameters.restricted(to: targets)
      return Tensor.map(over: directions, length: count) { direction in
        jvp(at: point, along: direction) { point in
          arguments.mean { problem.outcome($0.at(point)).objective }
        }.tangent
      }
    }
  }

  private static func unitVectors(like point: Hyperparameters, count: Int) -> Hyperparameters {
    var start = 0
    return point.mapTensors { tensor in
      let size = tensor.shape.count
      var ones = [Double](repeating: 0, count: count * size)
      for position in 0..<size { ones[(start + position) * size + position] = 1 }
      start += size
      return Tensor(ones, tensor.type.prepending(count))
    }
  }

  /// The program of the tangents.
  public var program: CompiledProgram { function.program }

  /// The program's arguments.
  public func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function.tensors(BatchArguments(problem, batch, at: point), directions)
  }

  /// The hypergradient at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient {
    var slopes = function(BatchArguments(problem, batch, at: point), directions)
      .doubles.makeIterator()
    // A row of the directions has the form of what they are directions in.
    let gradient = directions.mapTensors { direction in
      let type = direction.type.dropFirst
      return Tensor((0..<type.shape.count).map { _ in slopes.next()! }, type)
    }
    return Hypergradient(evaluate(batch, at: point), gradient: gradient)
  }
}

/// The exact hypergradient by one tangent per number, whose memory does not grow with the steps:
/// for few rates.
public struct ForwardEstimator: HypergradientEstimator {
  /// The word for it.
  public static let word = "forward"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("exact, by one tangent per rate: for few rates")

  /// The exact one.
  public init() {}

  /// Rates and scalars.
  public var targets: Set<LearnTarget> { [.rates, .optimizerScalars] }
  /// It leaves nothing out.
  public func isExact(steps: Int) -> Bool { true }
  /// Beyond this, nobody wants to wait.
  public var mostRates: Int? { 1000 }
  /// Every rate has a tangent of its own.
  public func cost(steps: Int, rates: Int) -> Budget {
    Budget(gradients: steps, products: steps * rates)
  }

  /// Compiles a `ForwardHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    ForwardHypergradient(problem, like: batch, targets: targets)
  }
}
