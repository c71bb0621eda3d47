import Settings
import TensorPrograms

/// The last axis of each example brought to mean 0 and variance 1, then scaled and shifted:
/// (x − mean) / √(variance + 1e-5) · scale + offset, with the biased variance.
///
/// Constant inputs have finite derivatives of any order.
/// Source: Ba, Kiros and Hinton, "Layer normalization" (2016).
public struct LayerNormalization: Trainable {
  /// The scale, [features].
  public var scale: Tensor
  /// The offset, [features].
  public var offset: Tensor

  /// A layer of the given scale and offset.
  public init(scale: Tensor, offset: Tensor) {
    self.scale = scale
    self.offset = offset
  }

  /// A layer that scales by 1 and shifts by 0.
  public init(features: Int, _ scalar: ScalarType) {
    let type = TensorType([features], scalar)
    self.init(scale: Tensor(repeating: 1, type), offset: .zeros(type))
  }

  /// Scale, then offset.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "scale", &scale)
    try body(path / "offset", &offset)
  }

  /// The layer's outputs for inputs of shape [batch, …, features].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let centered = x - x.mean(axes: [-1], keepingAxes: true)
    let variance = centered.squared().mean(axes: [-1], keepingAxes: true)
    return centered / (variance + 1e-5).squareRoot() * scale + offset
  }
}

extension LayerNormalization: Layer {
  /// `layer_norm`, as paths of weights have it.
  public var name: String { "layer_norm" }
  /// Scale and offset.
  public var axes: [[Axis]] { [[.output], [.output]] }
  /// The layer's outputs for inputs of shape [batch, …, features].
  public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { self(x) }
}

/// A layer normalization as configurations list it.
public struct LayerNormalizationLayer: LayerKind {
  /// The word for it.
  public static let word = "layerNorm"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>(
    "the last axis of each example brought to mean 0 and variance 1")

  /// A layer that scales by 1 and shifts by 0.
  public init() {}

  /// A layer for inputs […, features].
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a layer normalization", "numbers")
    return LayerDrawing(outputs: input.shape) { _ in
      LayerNormalization(features: input.features, input.scalar)
    }
  }
}
