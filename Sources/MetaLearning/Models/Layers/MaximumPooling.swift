import Settings
import TensorPrograms

extension Tensor {
  /// The greatest element of each channel in squares of `size`×`size` pixels side by side; rows and
  /// columns that fill no square are dropped: [batch, height, width, channels] becomes
  /// [batch, height / size, width / size, channels].
  ///
  /// Equal greatest elements share the derivative equally. Which they are is a constant to second
  /// derivatives, so these are finite at ties too. Where another element becomes the greatest, the
  /// derivative jumps, and so does what a step of training makes of it: finite differences of a
  /// whole run need steps too small for that.
  public func maximumPooled(size: Int = 2) -> Tensor {
    reducingSquares(of: size) { $0.maximum(axes: [1]) }
  }

  /// Squares of `size`×`size` pixels side by side, each reduced by a function of [squares, pixels,
  /// channels] to [squares, channels]; rows and columns that fill no square are dropped.
  func reducingSquares(of size: Int, _ reduce: (Tensor) -> Tensor) -> Tensor {
    let channels = shape[3]
    let squares = patches(Windows(height: size, width: size, stride: size))
    let (batch, rows, columns) = (shape[0], squares.shape[1], squares.shape[2])
    return reduce(squares.reshaped(to: [batch * rows * columns, size * size, channels]))
      .reshaped(to: [batch, rows, columns, channels])
  }
}

/// Maximum pooling as a layer.
public struct MaximumPoolingLayer: WeightlessLayer {
  /// Pixels of a square, across and down.
  public var size: Int

  /// The word for it.
  public static let word = "maxPool"
  /// What it is, and the size of its squares.
  public static let schema = Schema<Self>(
    "the greatest element of each channel in squares side by side",
    Setting("size", \.size, .integer(2...99), unit: "pixels", "squares, across and down"))

  /// Squares of 2×2 pixels, unless said otherwise.
  public init(size: Int = 2) { self.size = size }

  /// [height / size, width / size, channels], of images that hold a square.
  public func outputShape(for input: Shape) throws(ModelError) -> Shape {
    guard input.rank == 3, input[0] >= size, input[1] >= size else {
      throw ModelError(
        "size", found: "squares of \(size)×\(size) pixels behind outputs of shape \(input)",
        expected: "images of shape [height, width, channels] that hold one")
    }
    return [input[0] / size, input[1] / size, input[2]]
  }

  /// The same channels.
  public func units(for units: Units, of input: Shape) -> Units? { units }

  /// The greatest elements.
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    inputs.maximumPooled(size: size)
  }
}
