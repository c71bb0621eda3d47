import Settings
import TensorPrograms

/// What layers answer, added to what they read: x + branch(x), or shortcut(x) + branch(x).
///
/// Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition" (2016).
public struct Residual: CompositeLayer {
  /// What is added.
  public var branch: LayerStack
  /// What it is added to; without layers, the inputs.
  public var shortcut: LayerStack

  /// Branch and shortcut give answers of one shape.
  public init(_ branch: LayerStack, shortcut: LayerStack = LayerStack(layers: [], inputs: [])) {
    self.branch = branch
    self.shortcut = shortcut
  }

  /// Its layers stand in paths, not the residual.
  public var name: String { "residual" }

  /// The shortcut, then the branch, counted on.
  public mutating func visit(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try shortcut.visit(model, &number, body)
    try branch.visit(model, &number, body)
  }

  /// The shortcut, then the branch, counted on.
  public mutating func visitState(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try shortcut.visitState(model, &number, body)
    try branch.visitState(model, &number, body)
  }

  /// Those of the shortcut, then those of the branch, by themselves.
  public var axes: [[Axis]] { shortcut.axes + branch.axes }

  /// Whether the shortcut's are.
  public var answersOwnUnits: Bool { shortcut.answersOwnUnits }

  /// What the branch answers is added to what the shortcut does, so that both are of the same units.
  public func name(_ flow: inout UnitsFlow, for input: Shape, answers: Units?, isLast: Bool) {
    let read = flow.units
    shortcut.name(&flow, for: input, answers: answers, isLast: isLast)
    let joined = flow.units
    flow.goBack(to: read)
    branch.name(&flow, for: input, answers: joined, isLast: isLast)
    flow.join(joined)
  }

  /// The sum.
  public mutating func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let kept = shortcut(inputs, &pass)
    return kept + branch(inputs, &pass)
  }

  /// Those of the shortcut, then those of the branch.
  public func drawShapes(for input: Shape, batch: Int) -> [Shape] {
    shortcut.drawShapes(for: input, batch: batch) + branch.drawShapes(for: input, batch: batch)
  }
}

/// A residual as configurations list it.
public struct ResidualLayer: LayerKind {
  /// The branch, input side first.
  public var layers: [any LayerKind]
  /// What its answers are added to; the inputs where empty.
  public var shortcut: [any LayerKind]

  /// The word for it.
  public static let word = "residual"
  /// Branch and shortcut.
  public static let schema = Schema<Self>(
    "what layers answer, added to what they read",
    Setting("layers", \.layers, .list(of: .kind(of: .layers)), "the branch, input side first"),
    Setting(
      "shortcut", \.shortcut, .list(of: .kind(of: .layers)),
      "layers between what is read and the sum; without any, that itself"))

  /// An empty branch, unless said otherwise.
  public init(layers: [any LayerKind] = [], shortcut: [any LayerKind] = []) {
    self.layers = layers
    self.shortcut = shortcut
  }

  /// Whether a layer is.
  public var isTransductive: Bool { (layers + shortcut).contains(where: \.isTransductive) }

  /// A residual whose branch and shortcut fit each other.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a residual", "numbers")
    let branch = try StackDrawing(layers, for: input)
    let shortcut = try StackDrawing(shortcut, for: input, key: "shortcut")
    guard branch.outputs == shortcut.outputs else {
      throw ModelError(
        found: "a branch that answers \(branch.outputs) beside a shortcut of \(shortcut.outputs)",
        expected: "one shape; give the shortcut layers that change \(input.shape) to it, such as "
          + "{ convolution: \(branch.outputs.extents.last ?? 1), size: 1 } or a dense one")
    }
    return LayerDrawing(outputs: branch.outputs) { stream in
      let kept = shortcut.draw(&stream)
      return Residual(branch.draw(&stream), shortcut: kept)
    }
  }
}
