import TensorPrograms

extension Tensor {
  /// The greatest element of each channel in squares of `size`×`size` pixels side by side; rows and
  /// columns that fill no square are dropped: [batch, height, width, channels] becomes
  /// [batch, height / size, width / size, channels].
  ///
  /// Equal greatest elements share the derivative equally. Which they are is a constant to second
  /// derivatives, so these are finite at ties too. Where another element becomes the greatest, the
  /// derivative jumps, and so does what a step of training makes of it: finite differences of a whole
  /// run need steps too small for that.
  public func maximumPooled(size: Int = 2) -> Tensor {
    let channels = shape[3]
    let squares = patches(Windows(height: size, width: size, stride: size))
    let (batch, rows, columns) = (shape[0], squares.shape[1], squares.shape[2])
    return squares.reshaped(to: [batch * rows * columns, size * size, channels])
      .maximum(axes: [1]).reshaped(to: [batch, rows, columns, channels])
  }
}
