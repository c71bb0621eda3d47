import Settings
import TensorPrograms

/// Running moments with bias correction: d = m̂/(√(v̂+ε_root)+ε), see `MomentBased`.
///
/// Source: Kingma and Ba, "Adam: a method for stochastic optimization" (2015); ε_root as in optax.
public struct Adam: MomentBased {
  /// β1, how much of the first moment stays at each step.
  public var beta1: Double
  /// β2, how much of the second moment stays at each step.
  public var beta2: Double
  /// ε, outside the root.
  public var epsilon: Double
  /// ε_root, inside the root.
  public var epsilonRoot: Double

  /// The word for it.
  public static let word = "adam"
  /// The decays and the guards.
  public static let schema = Schema<Self>(
    "the mean gradient over the root mean square", .beta1, .beta2, .epsilon, .epsilonRoot
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

  /// m̂/(√(v̂+ε_root)+ε).
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Moments,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor { adamDirection(gradient, &slots, numbers, step: step) }
}
