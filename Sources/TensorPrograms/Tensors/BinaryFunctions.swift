// Elementwise functions of two tensors, stretched to a common shape, and their derivatives.

extension Tensor {
  /// Stretches both operands to their common shape.
  static func fitted(_ left: Tensor, _ right: Tensor) -> (Tensor, Tensor) {
    if left.shape == right.shape { return (left, right) }
    guard let shape = Shape.broadcast(left.shape, right.shape) else {
      stop("shapes \(left.shape) and \(right.shape) do not fit each other")
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
    return elementwise(.binary(operation), left, right)
  }

  func literal(_ value: Double) -> Tensor {
    require(
      scalarType.isFloatingPoint || value == value.rounded(),
      "\(value) is no whole number, as elements of \(type) are")
    return Tensor(repeating: value, TensorType(.scalar, scalarType))
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
    elementwise(.unary(.negate), operand)
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
  /// Every element raised to a power. A small whole one is a few products, so that bases may have
  /// any sign.
  public func power(_ exponent: Double) -> Tensor {
    switch exponent {
    case 0: return Tensor(repeating: 1, type)
    case 1: return self
    case 0.5: return squareRoot()
    case 2...64 where exponent == exponent.rounded():
      let half = power((exponent / 2).rounded(.down))
      let even = half * half
      return exponent.truncatingRemainder(dividingBy: 2) == 0 ? even : even * self
    case -64 ... -1 where exponent == exponent.rounded(): return 1 / power(-exponent)
    default: return power(literal(exponent))
    }
  }
  /// The elements where another tensor's are positive, 0 elsewhere; the other gets no derivative.
  public func gated(by other: Tensor) -> Tensor { .binary(.gate, other, self) }
}

extension BinaryOperation {
  /// d · ∂y/∂x for both operands x, in reverse mode of the result's cotangent d and in forward mode
  /// of each operand's tangent; nil where d is, or where it is zero.
  func derivatives(at a: Tensor, _ b: Tensor, _ y: Tensor, along d: [Tensor?]) -> [Tensor?] {
    if case .gate = self { return [nil, d[1]?.gated(by: a)] }
    let partials = partials(a, b, y, d.map { $0 != nil })
    return [partials.0.map { d[0]! * $0 }, partials.1.map { d[1]! * $0 }]
  }

  /// The partial derivatives that are asked for.
  private func partials(
    _ a: Tensor, _ b: Tensor, _ y: Tensor, _ isWanted: [Bool]
  ) -> (Tensor?, Tensor?) {
    func when(_ position: Int, _ partial: () -> Tensor) -> Tensor? {
      isWanted[position] ? partial() : nil
    }
    switch self {
    case .add:
      return (when(0) { Tensor(repeating: 1, a.type) }, when(1) { Tensor(repeating: 1, a.type) })
    case .subtract:
      return (when(0) { Tensor(repeating: 1, a.type) }, when(1) { Tensor(repeating: -1, a.type) })
    case .multiply: return (when(0) { b }, when(1) { a })
    case .divide: return (when(0) { 1 / b }, when(1) { -y / b })
    case .maximum: return (when(0) { wins(b, a) }, when(1) { wins(a, b) })
    case .minimum: return (when(0) { wins(a, b) }, when(1) { wins(b, a) })
    case .power:
      return (
        when(0) {
          // The exponent is never lowered from 0, so that a base of zero gives 0, not 0 · ∞.
          let zero = Tensor.zeros(b.type)
          let lowered = Tensor.select(b .== zero, zero, otherwise: b - 1)
          return b * a.power(lowered)
        },
        when(1) {
          // log is taken only of positive bases, so that a base of zero gives 0, not NaN.
          let positive = a .> 0
          let base = Tensor.select(positive, a, otherwise: Tensor(repeating: 1, a.type))
          return y * base.log() * positive
        }
      )
    case .gate: fatalError("derivatives pass a gate or not, as its second operand does")
    }
  }
}

/// 1 where `high` exceeds `low`, a half where they are equal, elsewhere 0.
private func wins(_ low: Tensor, _ high: Tensor) -> Tensor {
  (low .< high) + 0.5 * (low .== high)
}
