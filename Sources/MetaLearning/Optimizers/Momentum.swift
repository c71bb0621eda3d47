import Settings
import TensorPrograms

/// A running sum of gradients.
public struct Velocity: ParameterStructure {
  /// v, of the weights' shape.
  public var velocity: Tensor

  /// Zeros of a type.
  public init(like type: TensorType) { velocity = .zeros(type) }

  /// One tensor, `velocity`.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "velocity", &velocity)
  }
}

/// Heavy-ball momentum: v ← μv + g; d = v.
///
/// Source: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964).
public struct Momentum: Optimizer {
  /// μ, how much of the velocity stays at each step.
  public var momentum: Double

  /// The word for it.
  public static let word = "momentum"
  /// The momentum μ.
  public static let schema = Schema<Self>(
    "heavy-ball momentum",
    Setting("momentum", \.momentum, .number(.belowOne), "what stays of the velocity at each step"))
  /// The momentum μ.
  public static let learnable = [Learnable<Self>("momentum", \.momentum, .unitInterval)]

  /// μ is 0.9, unless said otherwise.
  public init(momentum: Double = 0.9) { self.momentum = momentum }

  /// Slots that start at zero.
  public func slots(like type: TensorType) -> Velocity { Velocity(like: type) }

  /// The velocity v.
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Velocity,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    slots.velocity = numbers[\.momentum] * slots.velocity + gradient
    return slots.velocity
  }

  /// 2(1+μ), where a root of the step's characteristic polynomial along an eigenvector passes −1.
  public func stabilityEdge(_ numbers: Numbers<Self>) -> Double? {
    2 * (1 + numbers[\.momentum].scalar)
  }
}
