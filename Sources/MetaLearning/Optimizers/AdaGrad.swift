import Settings
import TensorPrograms

/// Gradients over the root of the sum of all their squares: v ← v + g²; d = g/(√(v+ε_root)+ε).
///
/// Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and
/// stochastic optimization" (2011).
public struct AdaGrad: RootGuarded {
  /// What is remembered of a tensor.
  public struct Slots: ParameterStructure {
    /// v, of the weights' shape.
    public var squares: Tensor

    /// One tensor, `sum_of_squares`.
    public mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try body(path / "sum_of_squares", &squares)
    }
  }

  /// ε, outside the root.
  public var epsilon: Double
  /// ε_root, inside the root.
  public var epsilonRoot: Double

  /// The word for it.
  public static let word = "adagrad"
  /// What it is, and its guards.
  public static let schema = Schema<Self>(
    "gradients over the root of the sum of all their squares", .epsilon, .epsilonRoot
  ).refusing(guardConflict)

  /// The usual guards.
  public init(epsilon: Double = 1e-8, epsilonRoot: Double = 1e-8) {
    (self.epsilon, self.epsilonRoot) = (epsilon, epsilonRoot)
  }

  /// Slots that start at zero.
  public func slots(like type: TensorType) -> Slots { Slots(squares: .zeros(type)) }
  /// The sum of squares.
  public var nonnegativeSlots: [String] { ["sum_of_squares"] }

  /// g/(√(v+ε_root)+ε).
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Slots,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    slots.squares = slots.squares + gradient * gradient
    return gradient / root(slots.squares)
  }
}
