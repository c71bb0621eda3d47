import TensorPrograms

/// What a run of its own starts from.
public enum RunStart: ParameterStructure {
  /// Initial weights.
  case weights([Tensor])
  /// A whole state of the inner step to go on from.
  case state(TrainingState)

  /// The weights, or the state's tensors.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    switch self {
    case .weights(var weights):
      try weights.visit(path, body)
      self = .weights(weights)
    case .state(var state):
      try state.visit(path, body)
      self = .state(state)
    }
  }
}
