import Settings
import TensorPrograms

/// Running means of gradients and of their squares.
public struct Moments: ParameterStructure {
  /// m, of the weights' shape.
  public var first: Tensor
  /// v, of the weights' shape.
  public var second: Tensor

  /// Zeros of a type.
  public init(like type: TensorType) { (first, second) = (.zeros(type), .zeros(type)) }

  /// `first_moment`, then `second_moment`.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "first_moment", &first)
    try body(path / "second_moment", &second)
  }
}

/// Optimizers that go by running moments with Adam's correction of their bias.
public protocol MomentBased: RootGuarded where Slots == Moments {
  /// β1, how much of the first moment stays at each step.
  var beta1: Double { get set }
  /// β2, how much of the second moment stays at each step.
  var beta2: Double { get set }
}

extension MomentBased {
  /// Slots that start at zero.
  public func slots(like type: TensorType) -> Moments { Moments(like: type) }
  /// The second moment.
  public var nonnegativeSlots: [String] { ["second_moment"] }

  /// m̂/(√(v̂+ε_root)+ε): m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²; m̂ = m/(1−β1ᵗ),
  /// v̂ = v/(1−β2ᵗ), t from 1.
  public func adamDirection(
    _ gradient: Tensor, _ slots: inout Moments, _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    let (beta1, beta2) = (numbers[\.beta1], numbers[\.beta2])
    slots.first = beta1 * slots.first + (1 - beta1) * gradient
    slots.second = beta2 * slots.second + (1 - beta2) * gradient * gradient
    let time = step + 1
    let (bias1, bias2) = (1 - beta1.power(time), 1 - beta2.power(time))
    return (slots.first / bias1) / root(slots.second / bias2)
  }

  /// β1 and β2.
  public static var betas: [Learnable<Self>] {
    [Learnable("beta1", \.beta1, .unitInterval), Learnable("beta2", \.beta2, .unitInterval)]
  }
}

extension Setting where Root: MomentBased {
  /// β1, how much of the first moment stays at each step.
  public static var beta1: Setting {
    Setting("beta1", \.beta1, .number(.belowOne), "what stays of the mean gradient at each step")
  }

  /// β2, how much of the second moment stays at each step.
  public static var beta2: Setting {
    Setting("beta2", \.beta2, .number(.belowOne), "what stays of the mean square at each step")
  }
}
