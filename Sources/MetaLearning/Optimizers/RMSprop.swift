import Settings
import TensorPrograms

/// Gradients over a running root mean square: v ← ρv + (1−ρ)g²; d = g/(√(v+ε_root)+ε).
///
/// Source: Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning" (2012).
public struct RMSprop: RootGuarded {
  /// What is remembered of a tensor.
  public struct Slots: ParameterStructure {
    /// v, of the weights' shape.
    public var second: Tensor

    /// One tensor, `second_moment`.
    public mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try body(path / "second_moment", &second)
    }
  }

  /// ρ, how much of the second moment stays at each step.
  public var decay: Double
  /// ε, outside the root.
  public var epsilon: Double
  /// ε_root, inside the root.
  public var epsilonRoot: Double

  /// The word for it.
  public static let word = "rmsprop"
  /// ρ and the guards.
  public static let schema = Schema<Self>(
    "gradients over a running root mean square",
    Setting("decay", \.decay, .number(.belowOne), "what stays of the mean square at each step"),
    .epsilon, .epsilonRoot
  ).refusing(guardConflict)
  /// The decay ρ.
  public static let learnable = [Learnable<Self>("decay", \.decay, .unitInterval)]

  /// The usual numbers.
  public init(decay: Double = 0.9, epsilon: Double = 1e-8, epsilonRoot: Double = 1e-8) {
    (self.decay, self.epsilon, self.epsilonRoot) = (decay, epsilon, epsilonRoot)
  }

  /// Slots that start at zero.
  public func slots(like type: TensorType) -> Slots { Slots(second: .zeros(type)) }
  /// The second moment.
  public var nonnegativeSlots: [String] { ["second_moment"] }

  /// g/(√(v+ε_root)+ε).
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Slots,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    let decay = numbers[\.decay]
    slots.second = decay * slots.second + (1 - decay) * gradient * gradient
    return gradient / root(slots.second)
  }
}
