import Settings
import TensorPrograms

/// Layers, each answering the one before.
public struct LayeredModel: SupervisedModel {
  /// Input side first.
  public var layers: [any Layer]
  /// The shape of one example.
  public let inputs: Shape

  /// A model of the given layers for examples of a shape.
  public init(layers: [any Layer], inputs: Shape) {
    self.layers = layers
    self.inputs = inputs
  }

  /// Layer by layer: `000_dense`, `002_dense`, …; those without weights only count.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in layers.indices {
      try layers[index].visit(path / layerName(index, layers[index].name), body)
    }
  }

  /// The last layer's answers.
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    var x = inputs
    for layer in layers { x = layer(x, &pass) }
    return x
  }

  /// Those of the layers, in order.
  public func drawShapes(batch: Int) -> [Shape] {
    var input = inputs
    return layers.flatMap { layer in
      defer { input = layer.outputShape(for: input) }
      return layer.drawShapes(for: input, batch: batch)
    }
  }
}

/// A list of layers as configurations choose it; a dense layer to the outputs follows the last.
public struct LayeredKind: ModelKind {
  /// Input side first.
  public var layers: [any LayerKind]

  /// The word for it.
  public static let word = "layers"
  /// The list.
  public static let schema = Schema<Self>(
    "a list of layers; a dense layer to the outputs follows the last",
    Setting("layers", \.layers, .list(of: .kind()), "layers in their order, input side first"))

  /// The given layers.
  public init(layers: [any LayerKind] = []) { self.layers = layers }

  /// Whether a layer is.
  public var isTransductive: Bool { layers.contains(where: \.isTransductive) }

  /// The examples' own shape is that of the first layer's inputs; images get an axis of channels.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<LayeredModel> {
    var examples = examples
    if examples.inputs.rank == 2 { examples.inputs = Shape(examples.inputs.extents + [1]) }
    // Whether the layers fit together is known once they have been drawn.
    var stream = RandomStream(seed: 0, purpose: "shapes of layers")
    _ = try model(for: examples, from: &stream)
    return ModelDrawing(inputs: examples.inputs) { [self, examples] stream in
      do {
        return try model(for: examples, from: &stream)
      } catch {
        fatalError("layers that fitted together do no more: \(error)")
      }
    }
  }

  private func model(
    for examples: ExampleForm, from stream: inout RandomStream
  ) throws(ModelError) -> LayeredModel {
    var (model, input) = (LayeredModel(layers: [], inputs: examples.inputs), examples.inputs)
    for (index, kind) in (layers + [FlatLayer(), DenseLayer(units: examples.outputs)]).enumerated()
    {
      do {
        let layer = try kind.layer(for: input, from: &stream, examples.scalar)
        model.layers.append(layer)
        input = layer.outputShape(for: input)
      } catch {
        throw ModelError(
          "layers[\(index)]" + (error.key.isEmpty ? "" : ".\(error.key)"), found: error.found,
          expected: error.expected)
      }
    }
    return model
  }
}
