import Settings
import TensorPrograms

/// Adam with Nesterov's momentum: m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²;
/// d = (β1 m/(1−β1ᵗ⁺¹) + (1−β1) g/(1−β1ᵗ)) / (√(v̂+ε_root)+ε), v̂ = v/(1−β2ᵗ), t from 1.
///
/// Source: Dozat, "Incorporating Nesterov momentum into Adam" (2016), with a constant momentum and
/// v̂ as in Adam.
public struct NAdam: MomentBased {
  /// β1, how much of the first moment stays at each step.
  public var beta1: Double
  /// β2, how much of the second moment stays at each step.
  public var beta2: Double
  /// ε, outside the root.
  public var epsilon: Double
  /// ε_root, inside the root.
  public var epsilonRoot: Double

  /// The word for it.
  public static let word = "nadam"
  /// The decays and the guards.
  public static let schema = Schema<Self>(
    "Adam with Nesterov's momentum", .beta1, .beta2, .epsilon, .epsilonRoot
  ).refusing(guardConflict)
  /// β1 and β2.
  public static let learnable = betas

  /// The usual numbers.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, epsilonRoot: Double = 1e-8
  ) {
    (self.beta1, self.beta2) = (beta1, beta2)
    (self.epsilon, self.epsilonRoot) = (epsilon, epsilonRoot)
  }

  /// The mean gradient as the next step will see it, over the root mean square.
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Moments,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    let (beta1, beta2) = (numbers[\.beta1], numbers[\.beta2])
    slots.first = beta1 * slots.first + (1 - beta1) * gradient
    slots.second = beta2 * slots.second + (1 - beta2) * gradient * gradient
    let time = step + 1
    let ahead =
      beta1 * slots.first / (1 - beta1.power(time + 1))
      + (1 - beta1) * gradient / (1 - beta1.power(time))
    return ahead / root(slots.second / (1 - beta2.power(time)))
  }
}
