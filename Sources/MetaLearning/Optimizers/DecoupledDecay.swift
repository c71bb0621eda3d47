import Settings
import TensorPrograms

/// Optimizers that add a share λ of the weights to what they make of gradients: weights decay
/// beside the gradient rather than through it.
///
/// Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).
public protocol DecoupledDecay: Optimizer {
  /// λ, the rate of the decoupled weight decay.
  var weightDecay: Double { get set }
}

extension DecoupledDecay {
  /// The decay is, where there is one.
  public var hasDecoupledDecay: Bool { weightDecay != 0 }

  /// λθ, what a step takes from the weights besides.
  public func decay(of tensor: OptimizedTensor, _ numbers: Numbers<Self>) -> Tensor {
    numbers[\.weightDecay] * tensor.value
  }

  /// The rate λ of the decoupled weight decay.
  public static var decay: Learnable<Self> { Learnable("weight_decay", \.weightDecay, .positive) }
}

extension Setting where Root: DecoupledDecay {
  /// The rate λ of the decoupled weight decay.
  public static var weightDecay: Setting {
    Setting(
      "weightDecay", \.weightDecay, .number(.nonnegative),
      "the share of the weights added to directions")
  }
}
