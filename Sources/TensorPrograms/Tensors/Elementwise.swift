// What is elementwise besides: comparisons, choice, conversion.

extension Tensor {
  /// Applies a primitive that computes. Whole numbers are computed with as doubles and come back
  /// truncated: sums, differences, products, quotients and comparisons are exact, and what is too
  /// large becomes the largest.
  static func elementwise(_ primitive: Primitive, _ operands: Tensor...) -> Tensor {
    guard operands.allSatisfy({ $0.scalarType == .int32 }) else {
      return apply(primitive, operands)[0]
    }
    return apply(primitive, operands.map { $0.converted(to: .float64) })[0].converted(to: .int32)
  }

  private static func compare(_ comparison: Comparison, _ left: Tensor, _ right: Tensor) -> Tensor {
    let (left, right) = fitted(left, right)
    return elementwise(.compare(comparison), left, right)
  }

  /// One tensor's elements where the condition is not zero, elsewhere the other's. The condition
  /// may have another element type.
  public static func select(
    _ condition: Tensor, _ chosen: Tensor, otherwise: Tensor
  ) -> Tensor {
    let (first, second) = fitted(chosen, otherwise)
    let mask =
      condition.scalarType == first.scalarType
      ? condition : (condition .!= 0).converted(to: first.scalarType)
    let (third, fourth) = fitted(mask, first)
    return elementwise(.select, third, fourth, second.stretched(to: fourth.shape))
  }

  /// The elements converted to another type, truncated where it is an integer type.
  public func converted(to scalar: ScalarType) -> Tensor {
    scalar == scalarType ? self : .apply(.convert(scalar), self)
  }
  /// The same values, whose derivative is taken to be zero.
  public func withoutGradient() -> Tensor { .apply(.stopGradient, self) }
}

// MARK: Comparisons

// Elementwise, as those of the standard library's vectors: 1 where they hold, elsewhere 0, in the
// operands' element type. Nothing but inequality holds of what is not a number.
extension Tensor {
  /// 1 where elements are equal, elsewhere 0.
  public static func .== (left: Tensor, right: Tensor) -> Tensor { compare(.equal, left, right) }
  /// 1 where elements differ, elsewhere 0.
  public static func .!= (left: Tensor, right: Tensor) -> Tensor { 1 - (left .== right) }
  /// 1 where the left element is less, elsewhere 0.
  public static func .< (left: Tensor, right: Tensor) -> Tensor { compare(.less, left, right) }
  /// 1 where the left element is less or equal, elsewhere 0.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor {
    compare(.lessOrEqual, left, right)
  }
  /// 1 where the left element is greater, elsewhere 0.
  public static func .> (left: Tensor, right: Tensor) -> Tensor { compare(.less, right, left) }
  /// 1 where the left element is greater or equal, elsewhere 0.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor {
    compare(.lessOrEqual, right, left)
  }

  /// 1 where an element equals a number, elsewhere 0.
  public static func .== (left: Tensor, right: Double) -> Tensor { left .== left.literal(right) }
  /// 1 where an element differs from a number, elsewhere 0.
  public static func .!= (left: Tensor, right: Double) -> Tensor { left .!= left.literal(right) }
  /// 1 where an element is less than a number, elsewhere 0.
  public static func .< (left: Tensor, right: Double) -> Tensor { left .< left.literal(right) }
  /// 1 where an element is less than or equal to a number, elsewhere 0.
  public static func .<= (left: Tensor, right: Double) -> Tensor { left .<= left.literal(right) }
  /// 1 where an element is greater than a number, elsewhere 0.
  public static func .> (left: Tensor, right: Double) -> Tensor { left .> left.literal(right) }
  /// 1 where an element is greater than or equal to a number, elsewhere 0.
  public static func .>= (left: Tensor, right: Double) -> Tensor { left .>= left.literal(right) }
}
