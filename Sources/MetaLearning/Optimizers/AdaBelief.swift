import Settings
import TensorPrograms

/// Steps as far as gradients are as expected: m ← β1 m + (1−β1) g;
/// v ← β2 v + (1−β2)(g − m)² + ε_root; d = m̂/(√v̂+ε) with m̂ = m/(1−β1ᵗ), v̂ = v/(1−β2ᵗ), t from
/// 1.
///
/// ε_root is added to the mean square itself at every step, and not again under the root. Source:
/// Zhuang et al., "AdaBelief optimizer: adapting stepsizes by the belief in observed gradients"
/// (2020), algorithm 2; the authors' code has one number, 1e-16, for both ε and ε_root.
public struct AdaBelief: MomentBased {
  /// β1, how much of the first moment stays at each step.
  public var beta1: Double
  /// β2, how much of the second moment stays at each step.
  public var beta2: Double
  /// ε, outside the root.
  public var epsilon: Double
  /// ε_root, added to the mean square at every step.
  public var epsilonRoot: Double

  /// The word for it.
  public static let word = "adabelief"
  /// The decays and the guards.
  public static let schema = Schema<Self>(
    "the mean gradient over the root mean square of its surprises", .beta1, .beta2, .epsilon,
    .epsilonRoot
  ).refusing(guardConflict)
  /// β1 and β2.
  public static let learnable = betas

  /// The usual decays.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, epsilonRoot: Double = 1e-8
  ) {
    (self.beta1, self.beta2) = (beta1, beta2)
    (self.epsilon, self.epsilonRoot) = (epsilon, epsilonRoot)
  }

  /// m̂/(√v̂+ε).
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Moments,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    let (beta1, beta2) = (numbers[\.beta1], numbers[\.beta2])
    slots.first = beta1 * slots.first + (1 - beta1) * gradient
    let surprise = gradient - slots.first
    slots.second = beta2 * slots.second + (1 - beta2) * surprise * surprise + epsilonRoot
    let time = step + 1
    let (bias1, bias2) = (1 - beta1.power(time), 1 - beta2.power(time))
    return (slots.first / bias1) / guarded(root: slots.second / bias2)
  }
}
