import MetaLearning
import Settings
import TensorPrograms

/// Momentum with soft limits: v ← μv + g; d = v/(1 + |v|).
struct SoftSign: Optimizer {
  var momentum = 0.9
  static let word = "softSign"
  static let schema = Schema<Self>(
    "momentum with soft limits",
    Setting("momentum", \.momentum, .number(.belowOne), "what stays of the velocity at each step"))
  static let learnable = [Learnable<Self>("momentum", \.momentum, .unitInterval)]

  func slots(like type: TensorType) -> Velocity { Velocity(like: type) }

  func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Velocity,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    slots.velocity = numbers[\.momentum] * slots.velocity + gradient
    return slots.velocity / (1 + slots.velocity.absolute())
  }
}
