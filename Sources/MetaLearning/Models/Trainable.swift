import TensorPrograms

/// What a task trains: weights, and what training keeps beside them.
public protocol Trainable: ParameterStructure {
  /// What each axis of each tensor of weights runs over, in the order of the visit; nothing, the
  /// default, for tensors whose axes have no names.
  var axes: [[Axis]] { get }
  /// Calls `body` with every tensor that training passes change and no gradient does, such as
  /// running statistics; none by default.
  ///
  /// Where a run starts, they are what they are in a model that was just drawn, whatever was drawn.
  mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows
}

extension Trainable {
  /// Axes have no names.
  public var axes: [[Axis]] { tensors.map { _ in [] } }

  /// Nothing is kept.
  public mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {}

  /// What training passes change.
  public var state: TrainableState<Self> { TrainableState(model: self) }

  /// The same model with other weights and another state.
  public func replacing(weights: [Tensor], state: [Tensor]) -> Self {
    self.state.replacingTensors(state).model.replacingTensors(weights)
  }
}

/// What training passes change of a model, as a structure of its own.
public struct TrainableState<Model: Trainable>: ParameterStructure {
  /// The model whose state it is.
  public fileprivate(set) var model: Model

  /// The state's tensors, rather than the weights.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try model.visitState(path, body)
  }
}
