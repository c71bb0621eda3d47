import TensorPrograms

/// What a step knows of time: scalars in the type of what it steps.
public struct StepTime: ParameterStructure {
  /// Steps before this one.
  public var step: Tensor
  /// The schedule's value.
  public var multiplier: Tensor

  /// The time of a step.
  public init(step: Tensor, multiplier: Tensor) {
    self.step = step
    self.multiplier = multiplier
  }

  /// Step, multiplier.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "step", &step)
    try body(path / "multiplier", &multiplier)
  }
}
