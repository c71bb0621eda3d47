import Settings
import TensorPrograms

/// A convolution: cross-correlation of images with windows of weights, plus a bias for each channel.
///
/// With groups, input and output channels are divided alike, and each group of outputs reads its
/// group of inputs.
public struct Convolution: Trainable {
  /// Zeros around the images.
  public enum Padding: String, Sendable, CaseIterable {
    /// Half a window on each side: as many pixels as windows that are 1 apart; windows are odd.
    case same
    /// None: windows lie within the images.
    case none

    /// Windows over images so padded.
    func windows(height: Int, width: Int, stride: Int) -> Windows {
      switch self {
      case .same: .centered(height: height, width: width, stride: stride)
      case .none: Windows(height: height, width: width, stride: stride)
      }
    }
  }

  /// Shape [height, width, input channels / groups, output channels].
  public var weight: Tensor
  /// Shape [output channels].
  public var bias: Tensor
  /// Pixels from one window to the next, both ways.
  public let stride: Int
  /// Zeros around the images.
  public let padding: Padding
  /// Into how many parts channels are divided.
  public let groups: Int

  /// A layer of the given weight and bias.
  public init(
    weight: Tensor, bias: Tensor, stride: Int = 1, padding: Padding = .same, groups: Int = 1
  ) {
    self.weight = weight
    self.bias = bias
    (self.stride, self.padding, self.groups) = (stride, padding, groups)
  }

  /// A layer with windows of `size`×`size` pixels, normal weights of variance
  /// groups/(size² · inputs) and zero biases.
  public init(
    size: Int = 3, inputs: Int, outputs: Int, stride: Int = 1, padding: Padding = .same,
    groups: Int = 1, from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    let read = inputs / groups
    let scale = 1 / Double(size * size * read).squareRoot()
    let weight = Tensor(TensorType([size, size, read, outputs], scalar)) {
      scale * stream.normal()
    }
    self.init(
      weight: weight, bias: .zeros(TensorType([outputs], scalar)), stride: stride,
      padding: padding, groups: groups)
  }

  /// Weight, then bias.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "weight", &weight)
    try body(path / "bias", &bias)
  }

  /// Images [batch, rows, columns, output channels] of images [batch, height, width, input
  /// channels].
  public func callAsFunction(_ images: Tensor) -> Tensor {
    let (pixels, read) = (weight.shape[0] * weight.shape[1], weight.shape[2])
    let outputs = weight.shape[3]
    let patches = images.patches(
      padding.windows(height: weight.shape[0], width: weight.shape[1], stride: stride))
    let (batch, rows, columns) = (patches.shape[0], patches.shape[1], patches.shape[2])
    let count = batch * rows * columns
    let answers: Tensor
    if groups == 1 {
      answers = patches.reshaped(to: [count, pixels * read])
        .product(weight.reshaped(to: [pixels * read, outputs]))
    } else {
      let width = outputs / groups
      let windows = patches.reshaped(to: [count, pixels, groups, read]).transposed([2, 0, 1, 3])
        .reshaped(to: [groups, count, pixels * read])
      let weights = weight.reshaped(to: [pixels * read, groups, width]).transposed([1, 0, 2])
      answers = windows.product(weights).transposed([1, 0, 2]).reshaped(to: [count, outputs])
    }
    return (answers + bias).reshaped(to: [batch, rows, columns, outputs])
  }
}

extension Convolution: Layer {
  /// `convolution`, as paths of weights have it.
  public var name: String { "convolution" }
  /// Weight and bias.
  public var axes: [[Axis]] { [[.kernelRow, .kernelColumn, .input, .output], [.output]] }
  /// Images [batch, rows, columns, output channels].
  public func callAsFunction(_ images: Tensor, _ pass: inout ForwardPass) -> Tensor { self(images) }

  /// Groups of what is read and of what is answered belong together.
  public func name(_ flow: inout UnitsFlow, for input: Shape, answers: Units?, isLast: Bool) {
    guard groups > 1 else { return flow.add(self, isLast: isLast, answers: answers) }
    flow.divide(into: groups)
    flow.addGrouped(self, groups: groups)
    if let answers { flow.join(answers) }
  }
}

/// A convolution as configurations list it.
public struct ConvolutionLayer: LayerKind {
  /// Output channels.
  public var filters: Int
  /// Pixels of a window, across and down.
  public var size: Int
  /// Pixels from one window to the next, both ways.
  public var stride: Int
  /// Zeros around the images.
  public var padding: Convolution.Padding
  /// Into how many parts channels are divided.
  public var groups: Int

  /// The word for it.
  public static let word = "convolution"
  /// Channels and windows.
  public static let schema = Schema<Self>(
    "a convolution",
    Setting("filters", \.filters, .integer(1...100_000), "how many channels it gives"),
    Setting("size", \.size, .integer(1...99), unit: "pixels", "windows, across and down"),
    Setting(
      "stride", \.stride, .integer(1...99), unit: "pixels", "from one window to the next, both ways"
    ),
    Setting(
      "padding", \.padding, .word("a padding"),
      "zeros around images: half a window, or none at all"),
    Setting(
      "groups", \.groups, .integer(1...100_000),
      "into how many parts channels are divided; each reads its own")
  ).refusing { layer, _ in
    if layer.padding == .same, layer.size % 2 == 0 {
      return Conflict(
        "size", layer.size,
        expected: "an odd number, so that windows have a middle; or padding: none")
    }
    guard layer.filters % layer.groups == 0 else {
      return Conflict(
        "groups", layer.groups, " beside \(layer.filters) filters",
        expected: "a number that divides them")
    }
    return nil
  }

  /// 16 filters of 3×3 pixels that keep the size of images, unless said otherwise.
  public init(
    filters: Int = 16, size: Int = 3, stride: Int = 1, padding: Convolution.Padding = .same,
    groups: Int = 1
  ) {
    self.filters = filters
    self.size = size
    (self.stride, self.padding, self.groups) = (stride, padding, groups)
  }

  /// A layer for images [height, width, channels].
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    let form = "images of shape [height, width, channels]"
    try input.require("a convolution", rank: 3, form)
    let windows = padding.windows(height: size, width: size, stride: stride)
    guard let counts = windows.counts(height: input.shape[0], width: input.shape[1]) else {
      throw ModelError(
        "size", found: "windows of \(size)×\(size) pixels behind outputs of shape \(input.shape)",
        expected: "\(form) that hold one")
    }
    guard input.features % groups == 0 else {
      throw ModelError(
        "groups", found: "\(groups) groups behind outputs of shape \(input.shape)",
        expected: "a number that divides \(input.features) channels")
    }
    return LayerDrawing(outputs: [counts.rows, counts.columns, filters]) { [self] stream in
      Convolution(
        size: size, inputs: input.features, outputs: filters, stride: stride, padding: padding,
        groups: groups, from: &stream, input.scalar)
    }
  }
}
