import Foundation
import TensorPrograms

/// Weights on their own: the parameters of a quadratic.
public struct QuadraticParameters: ParameterStructure {
  /// Shape [dimensions].
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
    QuadraticParameters(weight: Tensor(curvatures.map { _ in stream.normal() }, type))
  }

  /// A noisy target for each step; the noiseless loss to judge on.
  public func episode(_ request: EpisodeRequest) -> Episode {
    var stream = request.stream
    let count = request.steps * curvatures.count
    for _ in 0..<request.start * curvatures.count { _ = stream.normal() }
    let targets = Tensor(
      (0..<count).map { _ in noise * stream.normal() },
      TensorType([request.steps, curvatures.count], scalarType))
    return Episode(steps: [targets], evaluation: [.zeros(type)])
  }

  /// ½ Σ h (θ − target)².
  public func trainingLoss(
    _ parameters: QuadraticParameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { parameters.loss(curvatures: dataset[0], targets: batch[0]) }

  /// The best that rates of various kinds can do on average.
  public func references(
    _ specification: InnerSpecification, objective: ObjectiveSpecification
  ) -> [ReferenceValue] {
    objective == .final ? theory.references(steps: specification.steps) : []
  }
}
