import TensorPrograms

/// A layer with its weights, if it has any.
///
/// Layers that are made of layers, such as `Residual`, are a `CompositeLayer`, and say how these are
/// numbered and what flows through them; for all others the defaults do.
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
  /// Whether answers are of other units than inputs; by default, whether a tensor has an axis for
  /// what the layer reads.
  var answersOwnUnits: Bool { get }
  /// Names the units of its axes, and of what flows out of it.
  ///
  /// - Parameters:
  ///   - flow: what flows into it.
  ///   - input: the shape of the inputs, without the axis of the batch.
  ///   - answers: the units of its answers, where they are added to what others give.
  ///   - isLast: whether it gives the model's answers.
  func name(_ flow: inout UnitsFlow, for input: Shape, answers: Units?, isLast: Bool)
  /// Visits its weights where it has a number in a model, from which the next layer counts on.
  mutating func visit(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows
  /// The same for its state.
  mutating func visitState(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows
}

extension Layer {
  /// It draws nothing at random.
  public func drawShapes(for input: Shape, batch: Int) -> [Shape] { [] }
  /// Nobody knows.
  public func units(for units: Units, of input: Shape) -> Units? { nil }
  /// Whether a tensor has an axis for what the layer reads.
  public var answersOwnUnits: Bool { axes.contains { $0.contains { $0.name == Axis.input.name } } }

  /// By the layer's axes or, where it has no weights, by `units(for:of:)`.
  public func name(_ flow: inout UnitsFlow, for input: Shape, answers: Units?, isLast: Bool) {
    if tensors.isEmpty {
      flow.change { units(for: $0, of: input) }
    } else {
      flow.add(self, isLast: isLast, answers: answers)
    }
  }

  /// `NNN_name`, and one number.
  public mutating func visit(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try visit(model / layerName(number, name), body)
    number += 1
  }

  /// `NNN_name`, and one number.
  public mutating func visitState(
    _ model: ParameterPath, _ number: inout Int,
    _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try visitState(model / layerName(number, name), body)
    number += 1
  }
}

/// A layer that is made of layers, which stand in paths in its place.
public protocol CompositeLayer: Layer {}

extension CompositeLayer {
  /// Its layers, counted from 0.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    var number = 0
    try visit(path, &number, body)
  }

  /// Those of its layers, under the names of their weights.
  public mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    var number = 0
    try visitState(path, &number, body)
  }
}
