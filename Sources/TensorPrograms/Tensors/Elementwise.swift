// What is elementwise besides: comparisons, choice, conversion.

extension Tensor {
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

  /// The elements converted to another type, truncated where it is an integer type.
  public func converted(to scalar: ScalarType) -> Tensor {
    scalar == scalarType ? self : .apply(.convert(scalar), self)
  }
  /// The same values, whose derivative is taken to be zero.
  public func withoutGradient() -> Tensor { .apply(.stopGradient, self) }
}
