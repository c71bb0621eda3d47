import Settings
import TensorPrograms

/// Groups of channels of each example, all positions together, brought to mean 0 and variance 1; then
/// each channel scaled and shifted: (x − mean) / √(variance + 1e-5) · scale + offset, with the biased
/// variance.
///
/// Constant inputs have finite derivatives of any order. Source: Wu and He, "Group normalization"
/// (2018).
public struct GroupNormalization: Layer {
  /// The scale, [channels].
  public var scale: Tensor
  /// The offset, [channels].
  public var offset: Tensor
  /// Into how many parts channels are divided.
  public let groups: Int

  /// A layer that scales by 1 and shifts by 0; the groups divide the channels.
  public init(channels: Int, groups: Int, _ scalar: ScalarType) {
    let type = TensorType([channels], scalar)
    (scale, offset) = (Tensor(repeating: 1, type), .zeros(type))
    self.groups = groups
  }

  /// `group_norm`, as paths of weights have it.
  public var name: String { "group_norm" }
  /// Scale and offset.
  public var axes: [[Axis]] { [[.output], [.output]] }

  /// Scale, then offset.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "scale", &scale)
    try body(path / "offset", &offset)
  }

  /// Channels are told apart by their groups.
  public func name(_ flow: inout UnitsFlow, for input: Shape, answers: Units?, isLast: Bool) {
    flow.divide(into: groups)
    flow.add(self, isLast: isLast, answers: answers)
  }

  /// The layer's outputs for inputs of shape [batch, …, channels].
  public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let (batch, channels) = (x.shape[0], x.shape[x.rank - 1])
    let positions = x.shape.count / (batch * channels)
    let grouped = x.reshaped(to: [batch, positions, groups, channels / groups])
    let centered = grouped - grouped.mean(axes: [1, 3], keepingAxes: true)
    let variance = centered.squared().mean(axes: [1, 3], keepingAxes: true)
    return (centered / (variance + 1e-5).squareRoot()).reshaped(to: x.shape) * scale + offset
  }
}

/// A group normalization as configurations list it.
public struct GroupNormalizationLayer: LayerKind {
  /// Into how many parts channels are divided.
  public var groups: Int

  /// The word for it.
  public static let word = "groupNorm"
  /// What it is, and its groups.
  public static let schema = Schema<Self>(
    "groups of channels of each example brought to mean 0 and variance 1",
    Setting("groups", \.groups, .integer(1...100_000), "into how many parts channels are divided"))

  /// Two groups, unless said otherwise.
  public init(groups: Int = 2) { self.groups = groups }

  /// A layer for inputs […, channels].
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a group normalization", "numbers")
    guard input.features % groups == 0 else {
      throw ModelError(
        "groups", found: "\(groups) groups behind outputs of shape \(input.shape)",
        expected: "a number that divides \(input.features) channels")
    }
    return LayerDrawing(outputs: input.shape) { [groups] _ in
      GroupNormalization(channels: input.features, groups: groups, input.scalar)
    }
  }
}
