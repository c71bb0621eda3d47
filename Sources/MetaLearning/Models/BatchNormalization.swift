import Settings
import TensorPrograms

/// Each channel of a batch brought to mean 0 and variance 1, then scaled and shifted:
/// (x − mean) / √(variance + 1e-5) · scale + offset.
///
/// Mean and biased variance are always those of the batch at hand, over all axes but the last, also
/// where a trained model is judged: inner runs are too short for running averages. Constant inputs
/// have finite derivatives of any order.
/// Source: Ioffe and Szegedy, "Batch normalization" (2015).
public struct BatchNormalization: ParameterStructure {
  /// Shape [channels].
  public var scale: Tensor
  /// Shape [channels].
  public var offset: Tensor

  /// A layer of the given scale and offset.
  public init(scale: Tensor, offset: Tensor) {
    self.scale = scale
    self.offset = offset
  }

  /// A layer that scales by 1 and shifts by 0.
  public init(channels: Int, _ scalar: ScalarType) {
    let type = TensorType([channels], scalar)
    self.init(scale: Tensor(repeating: 1, type), offset: .zeros(type))
  }

  /// Scale, then offset.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "scale", &scale)
    try body(path / "offset", &offset)
  }

  /// The layer's outputs for inputs of shape [batch, …, channels].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let channels = x.shape[x.rank - 1]
    // One row a pixel: one reduction over neighbouring memory instead of several.
    let rows = x.reshaped(to: [x.shape.extents.dropLast().reduce(1, *), channels])
    let centered = rows - rows.mean(axes: [0])
    let variance = centered.squared().mean(axes: [0])
    let normalized = centered * (scale / (variance + 1e-5).squareRoot()) + offset
    return normalized.reshaped(to: x.shape)
  }
}

extension BatchNormalization: Layer {
  /// `batch_norm`.
  public var name: String { "batch_norm" }
  /// Scale and offset.
  public var axes: [[Axis]] { [[.output], [.output]] }
  /// The inputs' shape.
  public func outputShape(for input: Shape) -> Shape { input }
  /// The layer's outputs for inputs of shape [batch, …, channels].
  public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { self(x) }
}

/// A batch normalisation as configurations list it.
public struct BatchNormalizationLayer: LayerKind {
  /// The word for it.
  public static let word = "batchNorm"
  /// No settings.
  public static let schema = Schema<Self>(
    "each channel brought to mean 0 and variance 1 over the batch, trained or judged")

  /// A layer that scales by 1 and shifts by 0.
  public init() {}

  /// Judged by the statistics of the batch at hand.
  public var isTransductive: Bool { true }

  /// A layer for inputs […, channels].
  public func layer(
    for input: Shape, from stream: inout RandomStream, _ scalar: ScalarType
  ) throws(ModelError) -> any Layer {
    BatchNormalization(channels: input[input.rank - 1], scalar)
  }
}
