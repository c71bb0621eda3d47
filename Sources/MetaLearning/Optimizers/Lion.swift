import Settings
import TensorPrograms

/// Steps of one size: d = sign(β1 m + (1−β1) g) + λθ; then m ← β2 m + (1−β2) g.
///
/// The sign has derivative 0, so that derivatives with respect to weights, rates and λ see the
/// steps and not what turns them; β1 and β2 have none and cannot be learned.
///
/// Source: Chen et al., "Symbolic discovery of optimization algorithms" (2023).
public struct Lion: DecoupledDecay {
  /// What is remembered of a tensor.
  public struct Slots: ParameterStructure {
    /// m, of the weights' shape.
    public var first: Tensor

    /// One tensor, `first_moment`.
    public mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try body(path / "first_moment", &first)
    }
  }

  /// β1, how much the mean counts in a step.
  public var beta1: Double
  /// β2, how much of the mean stays at each step.
  public var beta2: Double
  /// λ, the rate of the decoupled weight decay.
  public var weightDecay: Double

  /// The word for it.
  public static let word = "lion"
  /// What it is, and its decays.
  public static let schema = Schema<Self>(
    "the sign of a mean of gradients",
    Setting(
      "beta1", \.beta1, .number(.belowOne), "what the mean counts in the step, beside the gradient"),
    Setting("beta2", \.beta2, .number(.belowOne), "what stays of the mean at each step"),
    .weightDecay)
  /// The rate λ of the decoupled weight decay.
  public static let learnable = [decay]

  /// The published decays, and a weight decay of 0.001, unless said otherwise.
  public init(beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 1e-3) {
    (self.beta1, self.beta2, self.weightDecay) = (beta1, beta2, weightDecay)
  }

  /// Slots that start at zero.
  public func slots(like type: TensorType) -> Slots { Slots(first: .zeros(type)) }

  /// sign(β1 m + (1−β1) g) + λθ.
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Slots,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    let sign = (beta1 * slots.first + (1 - beta1) * gradient).sign()
    slots.first = beta2 * slots.first + (1 - beta2) * gradient
    return sign + decay(of: tensor, numbers)
  }
}
