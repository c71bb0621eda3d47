import Settings
import TensorPrograms

/// The mean of each channel in squares of pixels side by side; rows and columns that fill no square are
/// dropped.
public struct AveragePoolingLayer: WeightlessLayer {
  /// Pixels of a square, across and down.
  public var size: Int

  /// The word for it.
  public static let word = "averagePool"
  /// What it is, and the size of its squares.
  public static let schema = Schema<Self>(
    "the mean of each channel in squares side by side",
    Setting("size", \.size, .integer(2...99), unit: "pixels", "squares, across and down"))

  /// Squares of 2×2 pixels, unless said otherwise.
  public init(size: Int = 2) { self.size = size }

  /// [height / size, width / size, channels], of images that hold a square.
  public func outputShape(for input: Shape) throws(ModelError) -> Shape {
    try MaximumPoolingLayer(size: size).outputShape(for: input)
  }

  /// The same channels.
  public func units(for units: Units, of input: Shape) -> Units? { units }

  /// The means.
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    inputs.reducingSquares(of: size) { $0.mean(axes: [1]) }
  }
}
