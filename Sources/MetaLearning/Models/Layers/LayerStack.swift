import Settings
import TensorPrograms

/// Layers, each answering the one before.
public struct LayerStack: CompositeLayer {
  /// Input side first.
  public var layers: [any Layer]
  /// The shape of one input of each layer.
  public let inputs: [Shape]

  /// A stack of the given layers for inputs of the given shapes, one per layer.
  public init(layers: [any Layer], inputs: [Shape]) {
    require(
      layers.count == inputs.count, "\(layers.count) layers, \(inputs.count) shapes of inputs")
    self.layers = layers
    self.inputs = inputs
  }

  /// Its layers stand in paths, not the stack.
  public var name: String { "stack" }

  /// The layers, counted on.
  public mutating func visit(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in layers.indices { try layers[index].visit(model, &number, body) }
  }

  /// The layers, counted on.
  public mutating func visitState(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in layers.indices { try layers[index].visitState(model, &number, body) }
  }

  /// Those of the layers by themselves.
  public var axes: [[Axis]] { layers.flatMap(\.axes) }

  /// Whether those of any layer are.
  public var answersOwnUnits: Bool { layers.contains(where: \.answersOwnUnits) }

  /// Layer by layer; the last one that has answers of its own gives the stack's.
  public func name(_ flow: inout UnitsFlow, for input: Shape, answers: Units?, isLast: Bool) {
    let giver = layers.lastIndex(where: \.answersOwnUnits)
    for (index, layer) in layers.enumerated() {
      layer.name(
        &flow, for: inputs[index], answers: index == giver ? answers : nil,
        isLast: isLast && index == layers.count - 1)
    }
  }

  /// The last layer's answers.
  public mutating func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    var x = inputs
    for index in layers.indices { x = layers[index](x, &pass) }
    return x
  }

  /// Those of the layers, in order.
  public func drawShapes(for input: Shape, batch: Int) -> [Shape] {
    zip(layers, inputs).flatMap { $0.drawShapes(for: $1, batch: batch) }
  }
}

/// How stacks of layers are drawn for inputs of one form.
struct StackDrawing: Sendable {
  /// The shape of one answer, without the axis of the batch.
  let outputs: Shape
  private let drawings: [LayerDrawing]
  private let inputs: [Shape]

  /// - Parameters:
  ///   - kinds: the layers, input side first.
  ///   - times: how often they follow one another.
  ///   - input: what the first reads.
  ///   - key: the setting that lists the layers, by which errors name them.
  init(
    _ kinds: [any LayerKind], times: Int = 1, for input: LayerInput, key: String = "layers"
  ) throws(ModelError) {
    var (input, drawings, inputs) = (input, [LayerDrawing](), [Shape]())
    for index in (0..<times).flatMap({ _ in kinds.indices }) {
      do {
        let drawing = try kinds[index].drawing(for: input)
        drawings.append(drawing)
        inputs.append(input.shape)
        input = LayerInput(drawing.outputs, input.scalar)
      } catch {
        throw ModelError(
          "\(key)[\(index)]" + (error.key.isEmpty ? "" : ".\(error.key)"), found: error.found,
          expected: error.expected)
      }
    }
    (outputs, self.drawings, self.inputs) = (input.shape, drawings, inputs)
  }

  /// Layers with fresh weights.
  func draw(_ stream: inout RandomStream) -> LayerStack {
    LayerStack(layers: drawings.map { $0.draw(&stream) }, inputs: inputs)
  }
}

/// Layers several times over, each time with weights of their own.
public struct RepeatedLayers: LayerKind {
  /// How often.
  public var times: Int
  /// Input side first.
  public var layers: [any LayerKind]

  /// The word for it.
  public static let word = "repeat"
  /// How often, and which.
  public static let schema = Schema<Self>(
    "layers several times over, each time with weights of their own",
    Setting("times", \.times, .integer(1...1000), "how often"),
    Setting("layers", \.layers, .list(of: .kind(of: .layers)), "which, input side first"))

  /// Twice, unless said otherwise.
  public init(times: Int = 2, layers: [any LayerKind] = []) {
    self.times = times
    self.layers = layers
  }

  /// Whether a layer is.
  public var isTransductive: Bool { layers.contains(where: \.isTransductive) }

  /// A stack of all of them.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    let all = try StackDrawing(layers, times: times, for: input)
    return LayerDrawing(outputs: all.outputs) { all.draw(&$0) }
  }
}
