import Foundation
import Settings
import TensorPrograms

/// Weights on their own: the parameters of a quadratic.
public struct QuadraticParameters: Trainable {
  /// The weight, [dimensions].
  public var weight: Tensor

  /// The given weights.
  public init(weight: Tensor) { self.weight = weight }

  /// One tensor, `000_quadratic/weight`.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / layerName(0, "quadratic") / "weight", &weight)
  }

  /// ½ Σ h (θ − target)².
  public func loss(curvatures: Tensor, targets: Tensor) -> Tensor {
    0.5 * (curvatures * (weight - targets).squared()).sum()
  }
}

/// ½ Σ hᵢ θᵢ² with sampled gradients hᵢ (θᵢ − ξᵢ), ξᵢ ~ N(0, σ²), and θ₀ ~ N(0, 1).
///
/// Curvatures are spaced evenly on a log scale. Source: Wu, Ren, Liao and Grosse, "Understanding
/// short-horizon bias in stochastic meta-optimization" (2018).
public struct NoisyQuadraticTask: LearningTask {
  /// Coordinate by coordinate.
  public let curvatures: [Double]
  /// Standard deviation of the targets.
  public let noise: Double
  /// Single or double precision.
  public let scalarType: ScalarType

  /// A quadratic with curvatures from `lowest` to `highest`.
  public init(
    dimensions: Int, lowest: Double, highest: Double, noise: Double, scalarType: ScalarType
  ) {
    let ratio = dimensions > 1 ? log(highest / lowest) / Double(dimensions - 1) : 0
    curvatures = (0..<dimensions).map { lowest * exp(ratio * Double($0)) }
    self.noise = noise
    self.scalarType = scalarType
  }

  /// What plain descent comes to on average: E θ₀² = 1.
  public var theory: QuadraticTheory {
    QuadraticTheory(curvatures: curvatures, variance: noise * noise, initialMoment: 1)
  }

  /// The curvatures.
  public var dataset: [Tensor] { [Tensor(curvatures, type)] }

  private var type: TensorType { TensorType([curvatures.count], scalarType) }

  /// Standard normal weights.
  public func initialParameters(from stream: inout RandomStream) -> QuadraticParameters {
    QuadraticParameters(weight: Tensor(type) { stream.normal() })
  }

  /// A noisy target for each step; the noiseless loss to evaluate on.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    for _ in 0..<request.start * curvatures.count { _ = stream.normal() }
    episode.addSteps(type) { _ in noise * stream.normal() }
    episode.addEvaluation(type) { _ in 0 }
  }

  /// ½ Σ h (θ − target)².
  public func trainingLoss(
    _ parameters: inout QuadraticParameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { parameters.loss(curvatures: dataset[0], targets: batch[0]) }

  /// The best that rates of various kinds can do on average.
  public func references(
    _ specification: InnerSpecification, objective: ObjectiveSpecification
  ) -> [ReferenceValue] {
    objective == .final ? theory.references(steps: specification.steps) : []
  }
}

/// A noisy quadratic as configurations choose it, or what it does on average.
public struct NoisyQuadraticKind: TaskKind {
  /// Coordinates.
  public var dimensions: Int
  /// The least curvature.
  public var lowest: Double
  /// The greatest curvature.
  public var highest: Double
  /// Standard deviation of the targets.
  public var noise: Double
  /// Whether it is the expectation that is trained, without any randomness.
  public var expectation: Bool

  /// The word for it.
  public static let word = "noisyQuadratic"
  /// Dimensions, curvatures, noise.
  public static let schema = Schema<Self>(
    "a quadratic with noisy gradients, whose best rates are known in closed form",
    Setting("dimensions", \.dimensions, .integer(1...10_000_000), "coordinates"),
    Setting("lowest", \.lowest, .number(.positive), "the least curvature"),
    Setting("highest", \.highest, .number(.positive), "the greatest curvature"),
    Setting("noise", \.noise, .number(.nonnegative), "standard deviation of the targets"),
    Setting(
      "expectation", \.expectation, .flag,
      "whether the expectation is trained, without any randomness")
  ).refusing { quadratic, written in
    .unordered(
      "lowest", quadratic.lowest, "highest", quadratic.highest, mayBeEqual: true, written)
  }

  /// Ten curvatures from 0.01 to 1 and noise of 1, unless said otherwise.
  public init(
    dimensions: Int = 10, lowest: Double = 0.01, highest: Double = 1, noise: Double = 1,
    expectation: Bool = false
  ) {
    self.dimensions = dimensions
    self.lowest = lowest
    self.highest = highest
    self.noise = noise
    self.expectation = expectation
  }

  /// The sampled problem or its expectation.
  public func task(_ context: TaskContext) -> any LearningTask {
    let sampled = NoisyQuadraticTask(
      dimensions: dimensions, lowest: lowest, highest: highest, noise: noise,
      scalarType: context.scalar)
    return expectation ? ExpectedQuadraticTask(of: sampled) : sampled
  }

  /// The quadratic.
  public var bringsItsModel: Bool { true }
  /// The expectation is.
  public var isDeterministic: Bool { expectation }
  /// Noise of their own.
  public var testRunsTrainOn: String { "noise that learning did not see" }
  /// Moments start where they start.
  public var testRunsStartFrom: String {
    expectation ? "the start that the task has" : "initial weights of their own"
  }

  /// The expectation is known of plain descent alone, and starts where it starts.
  public func conflict(with use: TaskUse, _ written: Written) -> Conflict? {
    guard expectation else { return nil }
    if let conflict = use.requiringPlainDescent(
      beside: "task.expectation true", "the expectation is known of nothing else",
      allowsAdaptation: false, written)
    {
      return conflict
    }
    guard use.learnsInitialWeights else { return nil }
    return Conflict(
      "outer.learn",
      "found initialWeights beside task.expectation true, expected rates alone: its parameters are "
        + "second moments, which start where they start")
  }
}
