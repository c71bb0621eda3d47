import TensorPrograms

/// What a training run carries from step to step.
public struct TrainingState: ParameterStructure {
  /// The weights, in the order of their layout.
  public var weights: [Tensor]
  /// What a step that adapts rates remembers, a tensor per tensor of weights in each slot.
  public var adaptation: OptimizerState<[Tensor]>
  /// What the optimizer remembers.
  public var optimizer: OptimizerState<[Tensor]>
  /// What the model keeps beside its weights (`Trainable.state`), such as running statistics.
  public var model: [Tensor]

  /// A state of the given parts.
  public init(
    weights: [Tensor], adaptation: OptimizerState<[Tensor]> = OptimizerState(),
    optimizer: OptimizerState<[Tensor]> = OptimizerState(), model: [Tensor] = []
  ) {
    self.weights = weights
    self.adaptation = adaptation
    self.optimizer = optimizer
    self.model = model
  }

  /// Weights, slots of the adaptation, slots of the optimizer, the model's own state.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try weights.visit(path / "weights", body)
    try adaptation.visit(path, body)
    try optimizer.visit(path, body)
    try model.visit(path / "model", body)
  }

  /// The same state with other weights.
  public func replacing(weights: [Tensor]) -> TrainingState {
    var copy = self
    copy.weights = weights
    return copy
  }

  /// What files call the tensors, in the order of the visit: weights and the model's state by their
  /// own names, slots by the weights' names behind the slot's.
  public func names(weights: [ParameterPath], model: [ParameterPath]) -> [ParameterPath] {
    let slots = adaptation.slots + optimizer.slots
    return weights
      + slots.flatMap { slot in weights.map { ParameterPath([slot.name] + $0.components) } } + model
  }
}
