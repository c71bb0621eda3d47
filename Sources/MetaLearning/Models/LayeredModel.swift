import Settings
import TensorPrograms

/// Layers, each answering the one before.
public struct LayeredModel: SupervisedModel {
  /// Input side first.
  public var layers: [any Layer]
  /// The shape of one input of each layer.
  public let inputs: [Shape]

  /// A model of the given layers for inputs of the given shapes, one per layer.
  public init(layers: [any Layer], inputs: [Shape]) {
    require(
      layers.count == inputs.count, "\(layers.count) layers, \(inputs.count) shapes of inputs")
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

  /// Those of the layers, under the names of their weights.
  public mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in layers.indices {
      try layers[index].visitState(path / layerName(index, layers[index].name), body)
    }
  }

  /// Those of the layers, in the order of what flows through them.
  public var axes: [[Axis]] {
    var flow = UnitsFlow(inputs: inputs.first?.extents.last ?? 1)
    for (index, layer) in layers.enumerated() {
      if layer.tensors.isEmpty {
        flow.change { layer.units(for: $0, of: inputs[index]) }
      } else {
        flow.add(layer, isLast: index == layers.count - 1)
      }
    }
    return flow.axes
  }

  /// The last layer's answers.
  public mutating func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    var x = inputs
    for index in layers.indices { x = layers[index](x, &pass) }
    return x
  }

  /// Those of the layers, in order.
  public func drawShapes(batch: Int) -> [Shape] {
    zip(layers, inputs).flatMap { $0.drawShapes(for: $1, batch: batch) }
  }
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

  /// The examples' own shape is that of the first layer's inputs; images get an axis of channels.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<LayeredModel> {
    var input = examples.inputs
    if input.rank == 2 { input = Shape(input.extents + [1]) }
    var (drawings, inputs) = ([LayerDrawing](), [Shape]())
    for (index, kind) in (layers + [FlatLayer(), DenseLayer(units: examples.outputs)]).enumerated()
    {
      do {
        let drawing = try kind.drawing(for: input, examples.scalar)
        drawings.append(drawing)
        inputs.append(input)
        input = drawing.outputs
      } catch {
        throw ModelError(
          "layers[\(index)]" + (error.key.isEmpty ? "" : ".\(error.key)"), found: error.found,
          expected: error.expected)
      }
    }
    return ModelDrawing(inputs: inputs[0]) { [drawings, inputs] stream in
      LayeredModel(layers: drawings.map { $0.draw(&stream) }, inputs: inputs)
    }
  }
}
