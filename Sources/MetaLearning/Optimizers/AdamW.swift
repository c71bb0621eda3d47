import Settings
import TensorPrograms

/// Adam with decoupled weight decay: d = m̂/(√(v̂+ε_root)+ε) + λθ.
///
/// Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).
public struct AdamW: MomentBased, DecoupledDecay {
  /// β1, how much of the first moment stays at each step.
  public var beta1: Double
  /// β2, how much of the second moment stays at each step.
  public var beta2: Double
  /// ε, outside the root.
  public var epsilon: Double
  /// ε_root, inside the root.
  public var epsilonRoot: Double
  /// λ, the rate of the decoupled weight decay.
  public var weightDecay: Double

  /// The word for it.
  public static let word = "adamw"
  /// Adam's numbers and λ.
  public static let schema = Schema<Self>(
    "Adam with decoupled weight decay", .beta1, .beta2, .epsilon, .epsilonRoot,
    .weightDecay
  ).refusing(guardConflict)
  /// β1, β2 and λ.
  public static let learnable = betas + [decay]

  /// The usual numbers.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, weightDecay: Double = 0.01,
    epsilon: Double = 1e-8, epsilonRoot: Double = 1e-8
  ) {
    (self.beta1, self.beta2, self.weightDecay) = (beta1, beta2, weightDecay)
    (self.epsilon, self.epsilonRoot) = (epsilon, epsilonRoot)
  }

  /// m̂/(√(v̂+ε_root)+ε) + λθ.
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Moments,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    adamDirection(gradient, &slots, numbers, step: step) + decay(of: tensor, numbers)
  }
}
