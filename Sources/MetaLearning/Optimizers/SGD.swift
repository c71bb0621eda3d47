import Settings
import TensorPrograms

/// Plain gradient descent: d = g.
public struct SGD: Optimizer {
  /// Nothing is remembered.
  public typealias Slots = NoSlots

  /// The word for it.
  public static let word = "sgd"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("plain gradient descent")

  /// Plain gradient descent.
  public init() {}

  /// The gradient.
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout NoSlots,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor { gradient }

  /// The direction is the gradient.
  public var isPlainDescent: Bool { true }

  /// Descent on a quadratic diverges above a sharpness of 2.
  public func stabilityEdge(_ numbers: Numbers<Self>) -> Double? { 2 }
}
