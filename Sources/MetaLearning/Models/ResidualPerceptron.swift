import Settings
import TensorPrograms

/// Residual blocks x + V·f(W·x + b) + c between a dense layer in and one out.
///
/// Source: He, Zhang, Ren and Sun, "Identity mappings in deep residual networks" (2016), without
/// the normalization.
public struct ResidualPerceptron: SupervisedModel {
  /// From the inputs to the width of the blocks.
  public var input: Dense
  /// Two layers a block: into the block's units and back.
  public var blocks: [[Dense]]
  /// From the blocks to the outputs.
  public var output: Dense
  /// Applied inside every block.
  public let activation: Activation

  /// Layer by layer: `000_dense`, `001_dense`, ….
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try input.visit(path / layerName(0, "dense"), body)
    for index in blocks.indices {
      for half in 0..<2 {
        try blocks[index][half].visit(path / layerName(2 * index + half + 1, "dense"), body)
      }
    }
    try output.visit(path / layerName(2 * blocks.count + 1, "dense"), body)
  }

  /// Those of the layers; what blocks give is added to what they read.
  public var axes: [[Axis]] {
    var flow = UnitsFlow(inputs: input.weight.shape[0])
    flow.add(input)
    let stream = flow.units
    for block in blocks {
      flow.add(block[0])
      flow.add(block[1], answers: stream)
    }
    flow.add(output, isLast: true)
    return flow.axes
  }

  /// The network's outputs for inputs of shape [batch, inputs].
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    output(
      blocks.reduce(input(inputs)) { x, block in x + block[1](activation(block[0](x))) })
  }
}

/// A perceptron of residual blocks as configurations choose it.
public struct ResidualPerceptronKind: ModelKind {
  /// Units between blocks.
  public var width: Int
  /// Units inside each block.
  public var units: Int
  /// How many blocks there are.
  public var blocks: Int
  /// Applied inside every block.
  public var activation: Activation

  /// The word for it.
  public static let word = "residualMLP"
  /// Sizes and activation.
  public static let schema = Schema<Self>(
    "residual blocks of two dense layers",
    Setting("width", \.width, .integer(1...100_000), unit: "units", "units between blocks"),
    Setting("units", \.units, .integer(1...100_000), unit: "units", "units inside each block"),
    Setting("blocks", \.blocks, .integer(0...1000), "how many blocks there are"),
    Setting("activation", \.activation, .word("an activation"), "what stands inside blocks"))

  /// Two blocks of 64 units with relu, unless said otherwise.
  public init(width: Int = 64, units: Int = 64, blocks: Int = 2, activation: Activation = .relu) {
    self.width = width
    self.units = units
    self.blocks = blocks
    self.activation = activation
  }

  /// Two a block, one in, one out.
  public var layerCount: Int? { 2 * blocks + 2 }

  /// Examples are taken as rows of numbers.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<ResidualPerceptron> {
    try examples.requireRows(Self.word)
    return ModelDrawing(inputs: [examples.features]) { [self] stream in
      func dense(_ inputs: Int, _ outputs: Int) -> Dense {
        Dense(inputs: inputs, outputs: outputs, from: &stream, examples.scalar)
      }
      let input = dense(examples.features, width)
      let blocks = (0..<blocks).map { _ in [dense(width, units), dense(units, width)] }
      return ResidualPerceptron(
        input: input, blocks: blocks, output: dense(width, examples.outputs),
        activation: activation)
    }
  }
}
