import MetaLearning
import Settings
import TensorPrograms

/// Blocks x + tanh(x·W + b)·V + c between a dense layer in and one out.
struct ResidualNetwork: SupervisedModel {
  var layers: [Dense]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows { try layers.visit(path, body) }

  /// With these, `rates.granularity: orbit` knows that hidden units can be exchanged.
  var axes: [[Axis]] {
    var flow = UnitsFlow(inputs: layers[0].weight.shape[0])
    flow.add(layers[0])
    let stream = flow.units
    for block in stride(from: 1, to: layers.count - 1, by: 2) {
      flow.add(layers[block])
      flow.add(layers[block + 1], answers: stream)
    }
    flow.add(layers[layers.count - 1], isLast: true)
    return flow.axes
  }

  func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let x = stride(from: 1, to: layers.count - 1, by: 2).reduce(layers[0](inputs)) { x, block in
      x + layers[block + 1](layers[block](x).tanh())
    }
    return layers[layers.count - 1](x)
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
    let inner = (0..<blocks).flatMap { _ in [2 * width, width] }
    let sizes = [examples.features, width] + inner + [examples.outputs]
    return ModelDrawing(inputs: [examples.features]) { stream in
      ResidualNetwork(
        layers: zip(sizes, sizes.dropFirst()).map {
          Dense(inputs: $0, outputs: $1, from: &stream, examples.scalar)
        })
    }
  }
}
