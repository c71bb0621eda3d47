import Settings
import TensorPrograms

/// A residual network over images as configurations choose it: stages of blocks of two convolutions with
/// batch normalization, each stage but the first at half the size.
///
/// Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2016), as for
/// CIFAR-10.
public struct ResidualNetworkKind: ModelKind {
  /// Channels of each stage.
  public var filters: [Int]
  /// Blocks of each stage.
  public var blocks: Int
  /// What follows normalizations and sums.
  public var activation: Activation

  /// The word for it.
  public static let word = "resnet"
  /// Sizes and activation.
  public static let schema = Schema<Self>(
    "stages of residual blocks of convolutions with batch normalization",
    Setting("filters", \.filters, .layerSizes(example: 16), "channels of each stage"),
    Setting("blocks", \.blocks, .integer(1...100), "blocks of each stage"),
    Setting("activation", \.activation, .word("an activation"), "what follows normalizations"))

  /// Three stages of one block with relu, unless said otherwise.
  public init(filters: [Int] = [16, 32, 64], blocks: Int = 1, activation: Activation = .relu) {
    (self.filters, self.blocks, self.activation) = (filters, blocks, activation)
  }

  /// Batch normalization is.
  public var isTransductive: Bool { !filters.isEmpty }

  /// The same as a list of layers.
  var layers: LayeredKind {
    func convolution(_ filters: Int, size: Int = 3, stride: Int = 1) -> [any LayerKind] {
      [ConvolutionLayer(filters: filters, size: size, stride: stride), BatchNormalizationLayer()]
    }
    let active = ActivationLayer(activation)
    var layers: [any LayerKind] = filters.first.map { convolution($0) + [active] } ?? []
    for (stage, count) in filters.enumerated() {
      for block in 0..<blocks {
        let isNew = stage > 0 && block == 0
        let branch =
          convolution(count, stride: isNew ? 2 : 1) + [active] + convolution(count)
        let shortcut = isNew ? convolution(count, size: 1, stride: 2) : []
        layers += [ResidualLayer(layers: branch, shortcut: shortcut), active]
      }
    }
    return LayeredKind(layers: layers + [MeanLayer()])
  }

  /// Examples are images, with or without an axis of channels.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<LayeredModel> {
    try examples.requireRows(Self.word)
    guard (2...3).contains(examples.inputs.rank) else {
      throw ModelError(
        found: "resnet, which reads images, beside examples of shape \(examples.inputs)",
        expected: "examples of shape [height, width] or [height, width, channels]; or another "
          + "model, such as mlp")
    }
    return try layers.drawing(for: examples)
  }
}
