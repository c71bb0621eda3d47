import Settings
import TensorPrograms

/// The mean over all positions of a sequence, or over all pixels of an image.
public struct MeanLayer: WeightlessLayer {
  /// The word for it.
  public static let word = "mean"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("the mean over all positions or pixels")

  /// A layer without weights.
  public init() {}

  /// [features], of […, features].
  public func outputShape(for input: Shape) throws(ModelError) -> Shape {
    guard input.rank >= 2 else {
      throw ModelError(
        found: "a mean over positions behind outputs of shape \(input)",
        expected: "[positions, features] or [height, width, channels]; remove it")
    }
    return [input[input.rank - 1]]
  }

  /// The same.
  public func units(for units: Units, of input: Shape) -> Units? { units }

  /// [batch, features].
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    inputs.mean(axes: Array(1..<inputs.rank - 1))
  }
}
