import TensorPrograms

/// A convolution that keeps the size of its images: cross-correlation with stride 1 and zeros around
/// the images, plus a bias for each channel.
public struct Convolution: ParameterStructure {
  /// Shape [height, width, input channels, output channels]; height and width are odd.
  public var weight: Tensor
  /// Shape [output channels].
  public var bias: Tensor

  /// A layer of the given weight and bias.
  public init(weight: Tensor, bias: Tensor) {
    self.weight = weight
    self.bias = bias
  }

  /// A layer with windows of `size`×`size` pixels, normal weights of variance
  /// 1/(size² · inputs) and zero biases; `size` is odd.
  public init(
    size: Int = 3, inputs: Int, outputs: Int, from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    let scale = 1 / Double(size * size * inputs).squareRoot()
    weight = Tensor(
      (0..<size * size * inputs * outputs).map { _ in scale * stream.normal() },
      TensorType([size, size, inputs, outputs], scalar))
    bias = .zeros(TensorType([outputs], scalar))
  }

  /// Weight, then bias.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "weight", &weight)
    try body(path / "bias", &bias)
  }

  /// Images [batch, height, width, output channels] of images [batch, height, width, input channels].
  public func callAsFunction(_ images: Tensor) -> Tensor {
    let (height, width) = (weight.shape[0], weight.shape[1])
    let (inner, outputs) = (height * width * weight.shape[2], weight.shape[3])
    let (batch, rows, columns) = (images.shape[0], images.shape[1], images.shape[2])
    let patches = images.patches(.centered(height: height, width: width))
      .reshaped(to: [batch * rows * columns, inner])
    return (patches.product(weight.reshaped(to: [inner, outputs])) + bias)
      .reshaped(to: [batch, rows, columns, outputs])
  }
}
