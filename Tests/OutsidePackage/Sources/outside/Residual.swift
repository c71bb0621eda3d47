import MetaLearning
import Settings
import TensorPrograms

/// Blocks x + tanh(x·W + b)·V + c between a dense layer in and one out.
struct ResidualNetwork: SupervisedModel {
  var input, output: Dense
  var blocks: [[Dense]]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try input.visit(path / "000_input", body)
    for index in blocks.indices {
      try blocks[index][0].visit(path / layerName(2 * index + 1, "widen"), body)
      try blocks[index][1].visit(path / layerName(2 * index + 2, "narrow"), body)
    }
    try output.visit(path / layerName(2 * blocks.count + 1, "output"), body)
  }

  func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    output(blocks.reduce(input(inputs)) { x, block in x + block[1](block[0](x).tanh()) })
  }
}

struct Residual: ModelKind {
  var width = 8
  var blocks = 2

  static let word = "residual"
  static let schema = Schema<Self>(
    "a network of residual blocks",
    Setting("width", \.width, .integer(), unit: "units", "units between blocks"),
    Setting("blocks", \.blocks, .integer(), "how many blocks there are"))

  func drawing(for examples: ExampleForm) -> ModelDrawing<ResidualNetwork> {
    ModelDrawing(inputs: [examples.features]) { [self] stream in
      func dense(_ inputs: Int, _ outputs: Int) -> Dense {
        Dense(inputs: inputs, outputs: outputs, from: &stream, examples.scalar)
      }
      return ResidualNetwork(
        input: dense(examples.features, width), output: dense(width, examples.outputs),
        blocks: (0..<blocks).map { _ in [dense(width, 2 * width), dense(2 * width, width)] })
    }
  }
}
