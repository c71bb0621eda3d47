import Settings
import TensorPrograms

/// The last axis of each example divided by its root mean square, then scaled:
/// x / √(mean x² + 1e-5) · scale.
///
/// Inputs of zero have finite derivatives of any order.
/// Source: Zhang and Sennrich, "Root mean square layer normalization" (2019).
public struct RMSNormalization: Layer {
  /// The scale, [features].
  public var scale: Tensor

  /// A layer that scales by 1.
  public init(features: Int, _ scalar: ScalarType) {
    scale = Tensor(repeating: 1, TensorType([features], scalar))
  }

  /// `rms_norm`, as paths of weights have it.
  public var name: String { "rms_norm" }
  /// The scale.
  public var axes: [[Axis]] { [[.output]] }

  /// The scale.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "scale", &scale)
  }

  /// The layer's outputs for inputs of shape [batch, …, features].
  public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let meanSquare = x.squared().mean(axes: [-1], keepingAxes: true)
    return x / (meanSquare + 1e-5).squareRoot() * scale
  }
}

/// A root mean square normalization as configurations list it.
public struct RMSNormalizationLayer: LayerKind {
  /// The word for it.
  public static let word = "rmsNorm"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>(
    "the last axis of each example divided by its root mean square")

  /// A layer that scales by 1.
  public init() {}

  /// A layer for inputs […, features].
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a root mean square normalization", "numbers")
    return LayerDrawing(outputs: input.shape) { _ in
      RMSNormalization(features: input.features, input.scalar)
    }
  }
}
