import Settings
import TensorPrograms

/// Guards for gradients over the root of their squares: √(v + ε_root) + ε.
///
/// Without ε_root the second derivative at v = 0 is infinite, the commonest NaN of differentiated
/// optimizers; where it is 0, the derivative of the root at 0 is taken for 0.
public protocol RootGuarded: Optimizer {
  /// ε, outside the root.
  var epsilon: Double { get set }
  /// ε_root, inside the root.
  var epsilonRoot: Double { get set }
}

extension RootGuarded {
  /// Without ε_root.
  public var forOuterLoop: Self {
    var copy = self
    copy.epsilonRoot = 0
    return copy
  }

  /// √(v + ε_root) + ε.
  public func root(_ v: Tensor) -> Tensor {
    guarded(root: epsilonRoot == 0 ? v : v + epsilonRoot)
  }

  /// √v + ε, with derivative 0 where v is 0, which it may be where ε_root is.
  public func guarded(root v: Tensor) -> Tensor {
    guard epsilonRoot == 0 else { return v.squareRoot() + epsilon }
    let isPositive = v .> 0
    let inside = Tensor.select(isPositive, v, otherwise: v * 0 + 1)
    return isPositive * inside.squareRoot() + epsilon
  }

  /// Refuses guards that are both 0.
  public static func guardConflict(_ value: Self, _ written: Written) -> Conflict? {
    guard value.epsilon == 0, value.epsilonRoot == 0 else { return nil }
    return Conflict(
      "epsilon", value.epsilon, " beside epsilonRoot 0", expected: "one of them above 0",
      advice: "a gradient of 0 would be divided by 0")
  }
}

extension Setting where Root: RootGuarded {
  /// ε, which keeps the divisor from 0.
  public static var epsilon: Setting {
    Setting("epsilon", \.epsilon, .number(.nonnegative), "added to the root")
  }

  /// ε_root, which keeps the radicand from 0.
  public static var epsilonRoot: Setting {
    Setting(
      "epsilonRoot", \.epsilonRoot, .number(.nonnegative),
      "added under the root; 0 for outer optimizers unless written")
  }
}
