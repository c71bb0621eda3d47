import Settings
import TensorPrograms

/// A row of weights for each position, added to what stands there.
public struct LearnedPositions: Layer {
  /// Shape [positions, features].
  public var weight: Tensor

  /// A layer with normal weights of variance 1/features.
  public init(
    positions: Int, features: Int, from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    let scale = 1 / Double(features).squareRoot()
    weight = Tensor(TensorType([positions, features], scalar)) { scale * stream.normal() }
  }

  /// `positions`, as paths of weights have it.
  public var name: String { "positions" }
  /// Positions, and the features that are there already.
  public var axes: [[Axis]] { [[.position, .output]] }

  /// The weight.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "weight", &weight)
  }

  /// [batch, positions, features].
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    inputs + weight
  }
}

/// Learned positions as configurations list them.
public struct PositionsLayer: LayerKind {
  /// The word for it.
  public static let word = "positions"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("a row of weights for each position, added to the inputs")

  /// A layer without settings.
  public init() {}

  /// A layer for sequences.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("positions", rank: 2, "sequences of shape [positions, features]")
    return LayerDrawing(outputs: input.shape) { stream in
      LearnedPositions(
        positions: input.shape[0], features: input.features, from: &stream, input.scalar)
    }
  }
}
