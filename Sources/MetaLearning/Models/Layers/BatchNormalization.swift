import Settings
import TensorPrograms

/// Each channel of a batch brought to mean 0 and variance 1, then scaled and shifted:
/// (x − mean) / √(variance + 1e-5) · scale + offset.
///
/// Mean and biased variance are those of the batch at hand, over all axes but the last; a trained
/// model is evaluated with those of the evaluated batch too, unless the layer keeps running
/// averages. Constant inputs have finite derivatives of any order. Source: Ioffe and Szegedy,
/// "Batch normalization" (2015).
public struct BatchNormalization: Trainable {
  /// The scale, [channels].
  public var scale: Tensor
  /// The offset, [channels].
  public var offset: Tensor
  /// Averages that the model is evaluated with; nil for those of the evaluated batch.
  public var running: RunningStatistics?

  /// A layer of the given scale and offset.
  public init(scale: Tensor, offset: Tensor) {
    self.scale = scale
    self.offset = offset
  }

  /// A layer that scales by 1 and shifts by 0.
  ///
  /// - Parameters:
  ///   - channels: the extent of the last axis.
  ///   - share: of each batch in running averages; nil for none.
  ///   - scalar: the type of the weights.
  public init(channels: Int, running share: Double? = nil, _ scalar: ScalarType) {
    let type = TensorType([channels], scalar)
    self.init(scale: Tensor(repeating: 1, type), offset: .zeros(type))
    running = share.map { RunningStatistics(share: $0, type) }
  }

  /// Scale, then offset.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "scale", &scale)
    try body(path / "offset", &offset)
  }

  /// Running mean, then running variance, where there are any.
  public mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    guard running != nil else { return }
    try body(path / "running_mean", &running!.mean)
    try body(path / "running_variance", &running!.variance)
  }

  /// The layer's outputs for inputs of shape [batch, …, channels], by the statistics of the batch.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    var layer = self
    layer.running = nil
    var pass = ForwardPass.evaluation
    return layer(x, &pass)
  }
}

extension BatchNormalization: Layer {
  /// `batch_norm`, as paths of weights have it.
  public var name: String { "batch_norm" }
  /// Scale and offset.
  public var axes: [[Axis]] { [[.output], [.output]] }
  /// The layer's outputs for inputs of shape [batch, …, channels].
  public mutating func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let channels = x.shape[x.rank - 1]
    // One row a pixel: one reduction over neighboring memory instead of several.
    let rows = x.reshaped(to: [x.shape.extents.dropLast().reduce(1, *), channels])
    let (centered, variance): (Tensor, Tensor)
    if let running, !pass.isTraining {
      (centered, variance) = (rows - running.mean, running.variance)
    } else {
      let mean = rows.mean(axes: [0])
      centered = rows - mean
      variance = centered.squared().mean(axes: [0])
      running?.take(mean: mean, variance: variance)
    }
    let normalized = centered * (scale / (variance + 1e-5).squareRoot()) + offset
    return normalized.reshaped(to: x.shape)
  }
}

/// Averages of a batch normalization's statistics over the steps of training, newer batches
/// counting more: s ← s + share·(batch − s), from mean 0 and variance 1.
public struct RunningStatistics: Sendable {
  /// The mean, [channels].
  public var mean: Tensor
  /// Shape [channels]; biased, as what it averages.
  public var variance: Tensor
  /// How much each batch counts, from 0 to 1.
  public let share: Double

  /// Mean 0 and variance 1.
  public init(share: Double, _ type: TensorType) {
    self.share = share
    mean = .zeros(type)
    variance = Tensor(repeating: 1, type)
  }

  fileprivate mutating func take(mean other: Tensor, variance otherVariance: Tensor) {
    mean = mean + share * (other - mean)
    variance = variance + share * (otherVariance - variance)
  }
}

/// A batch normalization as configurations list it.
public struct BatchNormalizationLayer: LayerKind {
  /// How much each batch counts in running averages that the model is evaluated with; nil for
  /// those of the evaluated batch.
  public var running: Double?

  /// The word for it.
  public static let word = "batchNorm"
  /// What it is, and its running averages.
  public static let schema = Schema<Self>(
    "each channel brought to mean 0 and variance 1 over the batch",
    Setting(
      "running", \.running, .optional(.number(.fraction)),
      "share of a batch in running statistics; none: evaluated with the batch's own"))

  /// A layer that scales by 1 and shifts by 0, evaluated with the evaluated batch unless said
  /// otherwise.
  public init(running: Double? = nil) { self.running = running }

  /// Evaluated with the statistics of the batch at hand, where it keeps no others.
  public var isTransductive: Bool { running == nil }

  /// A layer for inputs […, channels].
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a batch normalization", "numbers")
    return LayerDrawing(outputs: input.shape) { [running] _ in
      BatchNormalization(channels: input.features, running: running, input.scalar)
    }
  }
}
