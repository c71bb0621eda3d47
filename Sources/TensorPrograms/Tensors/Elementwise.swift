extension Tensor {
  /// Stretches both operands to their common shape.
  private static func fitted(_ left: Tensor, _ right: Tensor) -> (Tensor, Tensor) {
    guard let shape = Shape.broadcast(left.shape, right.shape) else {
      fatalError("shapes \(left.shape) and \(right.shape) do not fit each other")
    }
    return (left.stretched(to: shape), right.stretched(to: shape))
  }

  /// Matches axes from the last backwards and repeats along those of extent one.
  package func stretched(to target: Shape) -> Tensor {
    if shape == target { return self }
    let offset = target.rank - rank
    let kept = shape.extents.indices.filter { shape[$0] == target[offset + $0] }
    return reshaped(to: Shape(kept.map { shape[$0] }))
      .broadcast(to: target, axes: kept.map { offset + $0 })
  }

  private static func binary(
    _ operation: BinaryOperation, _ left: Tensor, _ right: Tensor
  ) -> Tensor {
    let (left, right) = fitted(left, right)
    return apply(.binary(operation), left, right)
  }

  private func literal(_ value: Double) -> Tensor {
    Tensor(repeating: value, TensorType(.scalar, scalarType))
  }

  /// Elementwise sum.
  public static func + (left: Tensor, right: Tensor) -> Tensor { binary(.add, left, right) }
  /// Elementwise difference.
  public static func - (left: Tensor, right: Tensor) -> Tensor { binary(.subtract, left, right) }
  /// Elementwise product.
  public static func * (left: Tensor, right: Tensor) -> Tensor { binary(.multiply, left, right) }
  /// Elementwise quotient.
  public static func / (left: Tensor, right: Tensor) -> Tensor { binary(.divide, left, right) }
  /// Adds a number to every element.
  public static func + (left: Tensor, right: Double) -> Tensor { left + left.literal(right) }
  /// Adds a number to every element.
  public static func + (left: Double, right: Tensor) -> Tensor { right.literal(left) + right }
  /// Subtracts a number from every element.
  public static func - (left: Tensor, right: Double) -> Tensor { left - left.literal(right) }
  /// Subtracts every element from a number.
  public static func - (left: Double, right: Tensor) -> Tensor { right.literal(left) - right }
  /// Multiplies every element by a number.
  public static func * (left: Tensor, right: Double) -> Tensor { left * left.literal(right) }
  /// Multiplies every element by a number.
  public static func * (left: Double, right: Tensor) -> Tensor { right.literal(left) * right }
  /// Divides every element by a number.
  public static func / (left: Tensor, right: Double) -> Tensor { left / left.literal(right) }
  /// Divides a number by every element.
  public static func / (left: Double, right: Tensor) -> Tensor { right.literal(left) / right }
  /// The negative of every element.
  public static prefix func - (operand: Tensor) -> Tensor {
    apply(.unary(.negate), operand)
  }

  /// The greater of two elements.
  public static func maximum(_ left: Tensor, _ right: Tensor) -> Tensor {
    binary(.maximum, left, right)
  }
  /// The lesser of two elements.
  public static func minimum(_ left: Tensor, _ right: Tensor) -> Tensor {
    binary(.minimum, left, right)
  }
  /// Every element raised to a power. Where the exponent is differentiated, elements of zero
  /// contribute nothing to its derivative.
  public func power(_ exponent: Tensor) -> Tensor { .binary(.power, self, exponent) }

  private static func compare(_ comparison: Comparison, _ left: Tensor, _ right: Tensor) -> Tensor {
    let (left, right) = fitted(left, right)
    return apply(.compare(comparison), left, right)
  }

  /// 1 where elements are equal, elsewhere 0.
  public static func equal(_ left: Tensor, _ right: Tensor) -> Tensor {
    compare(.equal, left, right)
  }
  /// 1 where the left element is less, elsewhere 0.
  public static func less(_ left: Tensor, _ right: Tensor) -> Tensor { compare(.less, left, right) }
  /// 1 where the left element is less or equal, elsewhere 0.
  public static func lessOrEqual(_ left: Tensor, _ right: Tensor) -> Tensor {
    compare(.lessOrEqual, left, right)
  }
  /// 1 where the element is greater than a number, elsewhere 0.
  public func isGreater(than value: Double) -> Tensor { .less(literal(value), self) }

  /// One tensor's elements where the condition is not zero, elsewhere the other's.
  public static func select(
    _ condition: Tensor, _ chosen: Tensor, otherwise: Tensor
  ) -> Tensor {
    let (first, second) = fitted(chosen, otherwise)
    let (mask, third) = fitted(condition, first)
    return apply(.select, mask, third, second.stretched(to: third.shape))
  }

  /// The sign of every element: -1, 0 or 1.
  public func sign() -> Tensor { .apply(.unary(.sign), self) }
  /// The absolute value of every element; its derivative at 0 is 0.
  public func absolute() -> Tensor { .apply(.unary(.absolute), self) }
  /// e to the power of every element.
  public func exp() -> Tensor { .apply(.unary(.exp), self) }
  /// The natural logarithm of every element.
  public func log() -> Tensor { .apply(.unary(.log), self) }
  /// The square root of every element.
  public func squareRoot() -> Tensor { .apply(.unary(.sqrt), self) }
  /// The hyperbolic tangent of every element.
  public func tanh() -> Tensor { .apply(.unary(.tanh), self) }
  /// 1 / (1 + e⁻ˣ) of every element.
  public func sigmoid() -> Tensor { .apply(.unary(.sigmoid), self) }
  /// log(1 + eˣ) of every element.
  public func softplus() -> Tensor { .apply(.unary(.softplus), self) }
  /// The sine of every element.
  public func sin() -> Tensor { .apply(.unary(.sin), self) }
  /// The cosine of every element.
  public func cos() -> Tensor { .apply(.unary(.cos), self) }
  /// The square of every element.
  public func squared() -> Tensor { self * self }
  /// Positive elements; 0, with derivative 0, in place of others. What is not a number stays so.
  public func relu() -> Tensor { .apply(.unary(.relu), self) }
  /// The elements where another tensor's are positive, 0 elsewhere; no derivative reaches the other.
  public func gated(by other: Tensor) -> Tensor { .binary(.gate, other, self) }
  /// The elements converted to another type, truncated where it is an integer type.
  public func converted(to scalar: ScalarType) -> Tensor {
    scalar == scalarType ? self : .apply(.convert(scalar), self)
  }
  /// The same values, whose derivative is taken to be zero.
  public func withoutGradient() -> Tensor { .apply(.stopGradient, self) }
}
