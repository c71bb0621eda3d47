import Settings
import TensorPrograms

/// A stack of layers as a model.
public struct LayeredModel: SupervisedModel {
  /// The layers.
  public var stack: LayerStack
  /// The shape of one input.
  public let input: Shape

  /// A model of the given layers for inputs of a shape.
  public init(_ stack: LayerStack, input: Shape) {
    self.stack = stack
    self.input = input
  }

  /// Layer by layer.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try stack.visit(path, body)
  }

  /// Those of the layers, under the names of their weights.
  public mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try stack.visitState(path, body)
  }

  /// Those of the layers, in the order of what flows through them.
  public var axes: [[Axis]] {
    var flow = UnitsFlow(inputs: input.extents.last ?? 1)
    stack.name(&flow, for: input, answers: nil, isLast: true)
    return flow.axes
  }

  /// The last layer's answers.
  public mutating func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    stack(inputs, &pass)
  }

  /// Those of the layers, in order.
  public func drawShapes(batch: Int) -> [Shape] { stack.drawShapes(for: input, batch: batch) }
}

/// A list of layers as configurations choose it; a dense layer to the outputs follows the last.
public struct LayeredKind: ModelKind {
  /// Input side first.
  public var layers: [any LayerKind]

  /// The word for it.
  public static let word = "layers"
  /// What it is, and its list of layers.
  public static let schema = Schema<Self>(
    "a list of layers; a dense layer to the outputs follows the last",
    Setting(
      "layers", \.layers, .list(of: .kind(of: .layers)), "layers in their order, input side first"))

  /// The given layers.
  public init(layers: [any LayerKind] = []) { self.layers = layers }

  /// Whether a layer is.
  public var isTransductive: Bool { layers.contains(where: \.isTransductive) }

  /// Whether the first layer does.
  public var readsTokens: Bool { layers.first is EmbeddingLayer }

  /// The examples' own shape is that of the first layer's inputs; images get an axis of channels.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<LayeredModel> {
    var input = LayerInput(examples.inputs, examples.scalar, tokens: examples.tokens)
    if input.shape.rank == 2, !examples.isSequence {
      input.shape = Shape(input.shape.extents + [1])
    }
    // Answers at each position need no one row.
    let end: [any LayerKind] = examples.answers.rank == 0 ? [FlatLayer()] : []
    let drawing = try StackDrawing(layers + end + [DenseLayer(units: examples.outputs)], for: input)
    let wanted = Shape(examples.answers.extents + [examples.outputs])
    guard drawing.outputs == wanted else {
      throw ModelError(
        "layers", found: "layers that lead to answers of shape \(drawing.outputs)",
        expected: "\(wanted), as the task asks at each position; leave the positions as they are")
    }
    return ModelDrawing(inputs: input.shape) { [shape = input.shape] stream in
      LayeredModel(drawing.draw(&stream), input: shape)
    }
  }
}
