import Settings
import TensorPrograms

/// Blocks of 3×3 convolution, batch normalization, activation and 2×2 maximum pooling, then one
/// dense layer over what is left of the image.
///
/// Source: Vinyals et al., "Matching networks for one shot learning" (2016), whose four blocks of
/// 64 filters few-shot learning compares by.
public struct ConvolutionalNetwork: SupervisedModel {
  /// A convolution and what normalizes it.
  public struct Block: Sendable {
    /// The convolution.
    public var convolution: Convolution
    /// Its normalization.
    public var normalization: BatchNormalization

    /// A block of the given layers.
    public init(convolution: Convolution, normalization: BatchNormalization) {
      self.convolution = convolution
      self.normalization = normalization
    }
  }

  /// Input side first.
  public var blocks: [Block]
  /// From the last block's channels, row by row, to the outputs.
  public var dense: Dense
  /// Applied in every block.
  public let activation: Activation

  /// A network of the given layers.
  public init(blocks: [Block], dense: Dense, activation: Activation) {
    self.blocks = blocks
    self.dense = dense
    self.activation = activation
  }

  /// A network with freshly drawn weights for images of `height`×`width` pixels; `filters` counts
  /// each block's channels. The image must survive being halved by every block.
  public init(
    height: Int, width: Int, channels: Int, filters: [Int], outputs: Int, activation: Activation,
    from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    require(
      filters.count <= ConvolutionalNetwork.mostBlocks(height: height, width: width),
      "images of \(height)×\(width) pixels cannot be halved \(filters.count) times")
    var blocks: [Block] = []
    var (inputs, rows, columns) = (channels, height, width)
    for count in filters {
      blocks.append(
        Block(
          convolution: Convolution(inputs: inputs, outputs: count, from: &stream, scalar),
          normalization: BatchNormalization(channels: count, scalar)))
      (inputs, rows, columns) = (count, rows / 2, columns / 2)
    }
    let dense = Dense(inputs: rows * columns * inputs, outputs: outputs, from: &stream, scalar)
    self.init(blocks: blocks, dense: dense, activation: activation)
  }

  /// How many blocks leave at least one pixel of an image.
  public static func mostBlocks(height: Int, width: Int) -> Int {
    var (least, blocks) = (min(height, width), 0)
    while least >= 2 { (least, blocks) = (least / 2, blocks + 1) }
    return blocks
  }

  /// Layer by layer: `000_convolution`, `001_batch_norm`, `002_convolution`, …, `NNN_dense`.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in blocks.indices {
      try blocks[index].convolution.visit(path / layerName(2 * index, "convolution"), body)
      try blocks[index].normalization.visit(path / layerName(2 * index + 1, "batch_norm"), body)
    }
    try dense.visit(path / layerName(2 * blocks.count, "dense"), body)
  }

  /// Those of the layers; the last one reads the channels of each pixel that is left.
  public var axes: [[Axis]] {
    let inputs = blocks.first?.convolution.weight.shape[2] ?? dense.weight.shape[0]
    var flow = UnitsFlow(inputs: inputs)
    for block in blocks {
      flow.add(block.convolution)
      flow.add(block.normalization)
    }
    flow.change { $0.atPositions(dense.weight.shape[0] / $0.count) }
    flow.add(dense, isLast: true)
    return flow.axes
  }

  /// The network's outputs [batch, outputs] for images [batch, height, width, channels].
  public func callAsFunction(_ images: Tensor, _ pass: inout ForwardPass) -> Tensor {
    var x = images
    for block in blocks {
      x = activation(block.normalization(block.convolution(x))).maximumPooled()
    }
    return dense(x.reshaped(to: [x.shape[0], x.shape.extents.dropFirst().reduce(1, *)]))
  }
}

/// A convolutional network as configurations choose it.
public struct ConvolutionalKind: ModelKind {
  /// Channels of each block, input side first.
  public var filters: [Int]
  /// What follows each block's normalization.
  public var activation: Activation

  /// The word for it.
  public static let word = "convolutional"
  /// Filters and activation.
  public static let schema = Schema<Self>(
    "blocks of convolution, batch normalization, activation and pooling",
    Setting("filters", \.filters, .layerSizes(example: 16), "channels of each block"),
    Setting("activation", \.activation, .word("an activation"), "what follows normalizations"))

  /// Two blocks of 16 and 32 channels with relu, unless said otherwise.
  public init(filters: [Int] = [16, 32], activation: Activation = .relu) {
    self.filters = filters
    self.activation = activation
  }

  /// Two a block, and the dense one.
  public var layerCount: Int? { 2 * filters.count + 1 }
  /// Batch normalization is, where there is a block.
  public var isTransductive: Bool { !filters.isEmpty }

  /// Examples are images, with or without an axis of channels.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<ConvolutionalNetwork> {
    try examples.requireRows(Self.word)
    let extents = examples.inputs.extents
    guard (2...3).contains(extents.count) else {
      throw ModelError(
        found: "convolutional, which reads images, beside examples of shape \(extents)",
        expected: "examples of shape [height, width] or [height, width, channels]; or another "
          + "model, such as mlp")
    }
    let (height, width, channels) = (extents[0], extents[1], extents.count == 3 ? extents[2] : 1)
    let most = ConvolutionalNetwork.mostBlocks(height: height, width: width)
    guard filters.count <= most else {
      throw ModelError(
        "filters", found: "\(filters.count) layers",
        expected: "at most \(most): each halves the \(height)×\(width) pixels; remove "
          + "\(filters.count - most)")
    }
    return ModelDrawing(inputs: [height, width, channels]) { [self] stream in
      ConvolutionalNetwork(
        height: height, width: width, channels: channels, filters: filters,
        outputs: examples.outputs, activation: activation, from: &stream, examples.scalar)
    }
  }
}
