import Settings
import TensorPrograms

/// A convolution that keeps the size of its images: cross-correlation with stride 1 and zeros
/// around the images, plus a bias for each channel.
public struct Convolution: Trainable {
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
    weight = Tensor(TensorType([size, size, inputs, outputs], scalar)) {
      scale * stream.normal()
    }
    bias = .zeros(TensorType([outputs], scalar))
  }

  /// Weight, then bias.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "weight", &weight)
    try body(path / "bias", &bias)
  }

  /// Images [batch, height, width, output channels] of images [batch, height, width, input
  /// channels].
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

extension Convolution: Layer {
  /// `convolution`, as paths of weights have it.
  public var name: String { "convolution" }
  /// Weight and bias.
  public var axes: [[Axis]] { [[.kernelRow, .kernelColumn, .input, .output], [.output]] }
  /// Images [batch, height, width, output channels].
  public func callAsFunction(_ images: Tensor, _ pass: inout ForwardPass) -> Tensor { self(images) }
}

/// A convolution as configurations list it.
public struct ConvolutionLayer: LayerKind {
  /// Output channels.
  public var filters: Int
  /// Pixels of a window, across and down; odd.
  public var size: Int

  /// The word for it.
  public static let word = "convolution"
  /// Channels and windows.
  public static let schema = Schema<Self>(
    "a convolution that keeps the size of its images",
    Setting("filters", \.filters, .integer(1...100_000), "how many channels it gives"),
    Setting("size", \.size, .integer(1...99), unit: "pixels", "windows, across and down; odd")
  ).refusing { layer, _ in
    layer.size % 2 == 1
      ? nil : Conflict("size", layer.size, expected: "an odd number, so that windows have a middle")
  }

  /// 16 filters of 3×3 pixels, unless said otherwise.
  public init(filters: Int = 16, size: Int = 3) {
    self.filters = filters
    self.size = size
  }

  /// A layer for images [height, width] or [height, width, channels].
  public func drawing(for input: Shape, _ scalar: ScalarType) throws(ModelError) -> LayerDrawing {
    guard input.rank == 3 else {
      throw ModelError(
        found: "a convolution behind outputs of shape \(input)",
        expected: "images of shape [height, width, channels]")
    }
    return LayerDrawing(outputs: [input[0], input[1], filters]) { [self] stream in
      Convolution(size: size, inputs: input[2], outputs: filters, from: &stream, scalar)
    }
  }
}
