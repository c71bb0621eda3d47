import Settings
import TensorPrograms

/// A layer with its weights, if it has any.
public protocol Layer: Trainable {
  /// What it is called in paths, behind its position: `dense`.
  var name: String { get }
  /// Answers [batch, …] to inputs [batch, …]; a training pass may change the layer's state.
  mutating func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor
  /// Shapes of the random numbers that a training pass takes from `ForwardPass.draw`, in order;
  /// none by default.
  func drawShapes(for input: Shape, batch: Int) -> [Shape]
  /// The units of its answers, where it has no weights and knows that exchanging units of its inputs
  /// exchanges those; nil, the default, where that is not known.
  ///
  /// - Parameters:
  ///   - units: those of the last axis of the inputs.
  ///   - input: the shape of the inputs, without the axis of the batch.
  func units(for units: Units, of input: Shape) -> Units?
}

extension Layer {
  /// It draws nothing at random.
  public func drawShapes(for input: Shape, batch: Int) -> [Shape] { [] }
  /// Nobody knows.
  public func units(for units: Units, of input: Shape) -> Units? { nil }
}

/// What configurations list to build a model of: the settings of a layer, which becomes one when
/// the shape of its inputs is known.
public protocol LayerKind: Kind {
  /// How to draw layers for inputs of a shape, without the axis of the batch.
  ///
  /// - Throws: `ModelError` where there is no such layer.
  func drawing(for input: Shape, _ scalar: ScalarType) throws(ModelError) -> LayerDrawing
  /// Whether it normalizes by the statistics of the very batch that is evaluated; false by default.
  var isTransductive: Bool { get }
}

extension LayerKind {
  /// It does not.
  public var isTransductive: Bool { false }
}

/// How layers of one kind are drawn for inputs of one shape.
public struct LayerDrawing: Sendable {
  /// The shape of one answer, without the axis of the batch.
  public let outputs: Shape
  /// A layer with fresh weights.
  public let draw: @Sendable (inout RandomStream) -> any Layer

  /// A way to draw layers that give answers of a shape.
  public init(outputs: Shape, _ draw: @escaping @Sendable (inout RandomStream) -> any Layer) {
    self.outputs = outputs
    self.draw = draw
  }
}

extension Family<any LayerKind> {
  /// What models are built of.
  public static var layers: Self { Family("a layer") { $0 } }
}

extension Laboratory {
  /// What models may be built of.
  public var layers: Registry<any LayerKind> {
    get { self[.layers] }
    set { self[.layers] = newValue }
  }
}
