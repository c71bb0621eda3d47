import TensorPrograms

/// What a differentiated step gives.
struct SteppedState: ParameterStructure {
  /// The state after it.
  var state: TrainingState
  /// The training loss before it.
  var loss: Tensor

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try state.visit(path / "state", body)
    try body(path / "loss", &loss)
  }
}
