import Settings
import TensorPrograms

/// The pixels of an image as positions of a sequence, row by row: what attention and recurrent layers
/// read.
public struct SequenceLayer: WeightlessLayer {
  /// The word for it.
  public static let word = "sequence"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("the pixels of an image as a sequence, row by row")

  /// A layer without weights.
  public init() {}

  /// [height · width, channels], of [height, width, channels].
  public func outputShape(for input: Shape) throws(ModelError) -> Shape {
    guard input.rank >= 2 else {
      throw ModelError(
        found: "a sequence of pixels behind outputs of shape \(input)",
        expected: "images of shape [height, width, channels]")
    }
    return [input.extents.dropLast().reduce(1, *), input[input.rank - 1]]
  }

  /// The same.
  public func units(for units: Units, of input: Shape) -> Units? { units }

  /// [batch, positions, channels].
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let extents = inputs.shape.extents
    return inputs.reshaped(
      to: [extents[0], extents.dropFirst().dropLast().reduce(1, *), extents[extents.count - 1]])
  }
}
