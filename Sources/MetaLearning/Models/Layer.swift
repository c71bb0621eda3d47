import Settings
import TensorPrograms

/// A layer with its weights, if it has any.
public protocol Layer: ParameterStructure {
  /// What it is called in paths, behind its position: `dense`.
  var name: String { get }
  /// What each axis of each tensor runs over, in the order of the visit.
  var axes: [[Axis]] { get }
  /// The shape of one answer to one input of the given shape.
  func outputShape(for input: Shape) -> Shape
  /// Answers [batch, …] to inputs [batch, …].
  func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor
  /// Shapes of the random numbers that a training pass takes from `ForwardPass.draw`, in order;
  /// none by default.
  func drawShapes(for input: Shape, batch: Int) -> [Shape]
}

extension Layer {
  /// Nothing random.
  public func drawShapes(for input: Shape, batch: Int) -> [Shape] { [] }
}

/// What an axis of a tensor of weights runs over, seen from its layer; a layer of one's own may name
/// others.
public struct Axis: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called: `input`.
  public let name: String

  /// An axis of a name.
  public init(_ name: String) { self.name = name }

  /// An axis of a name.
  public init(stringLiteral name: String) { self.name = name }

  /// Units or channels that the layer reads.
  public static let input: Axis = "input"
  /// Units or channels that the layer gives.
  public static let output: Axis = "output"
  /// Classes or targets, where the layer gives the model's answers.
  public static let target: Axis = "target"
  /// Rows of a kernel's window.
  public static let kernelRow: Axis = "kernel_row"
  /// Columns of a kernel's window.
  public static let kernelColumn: Axis = "kernel_column"
  /// Heads of attention.
  public static let head: Axis = "head"
}

/// What configurations list to build a model of: the settings of a layer, which becomes one when the
/// shape of its inputs is known.
public protocol LayerKind: Kind {
  /// A layer with fresh weights for inputs of a shape, without the axis of the batch.
  ///
  /// - Throws: `ModelError` where there is no such layer.
  func layer(
    for input: Shape, from stream: inout RandomStream, _ scalar: ScalarType
  ) throws(ModelError) -> any Layer
  /// Whether it normalises by the statistics of the very batch that is judged; false by default.
  var isTransductive: Bool { get }
}

extension LayerKind {
  /// It does not.
  public var isTransductive: Bool { false }
}

extension Laboratory {
  /// What models may be built of.
  public var layers: Kinds<any LayerKind> {
    get { self[(any LayerKind).self] }
    set { self[(any LayerKind).self] = newValue }
  }
}
