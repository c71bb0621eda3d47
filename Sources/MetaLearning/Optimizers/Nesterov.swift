import Settings
import TensorPrograms

/// Nesterov's momentum: v ← μv + g; d = g + μv.
///
/// Source: Nesterov (1983), as written by Sutskever, Martens, Dahl and Hinton, "On the importance
/// of initialization and momentum in deep learning" (2013).
public struct Nesterov: Optimizer {
  /// μ, how much of the velocity stays at each step.
  public var momentum: Double

  /// The word for it.
  public static let word = "nesterov"
  /// The momentum μ.
  public static let schema = Schema<Self>(
    "Nesterov's momentum",
    Setting("momentum", \.momentum, .number(.belowOne), "what stays of the velocity at each step"))
  /// The momentum μ.
  public static let learnable = [Learnable<Self>("momentum", \.momentum, .unitInterval)]

  /// μ is 0.9, unless said otherwise.
  public init(momentum: Double = 0.9) { self.momentum = momentum }

  /// Slots that start at zero.
  public func slots(like type: TensorType) -> Velocity { Velocity(like: type) }

  /// g + μv.
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Velocity,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    slots.velocity = numbers[\.momentum] * slots.velocity + gradient
    return gradient + numbers[\.momentum] * slots.velocity
  }

  /// 2(1+μ)/(1+2μ), where a root of the step's characteristic polynomial passes −1.
  public func stabilityEdge(_ numbers: Numbers<Self>) -> Double? {
    let momentum = numbers[\.momentum].scalar
    return 2 * (1 + momentum) / (1 + 2 * momentum)
  }
}
