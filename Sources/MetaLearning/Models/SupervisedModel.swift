import TensorPrograms

/// A model that answers a batch of inputs: what a table of examples can train.
public protocol SupervisedModel: ParameterStructure {
  /// Outputs [batch, outputs] for inputs [batch, …].
  func callAsFunction(_ inputs: Tensor) -> Tensor
}
