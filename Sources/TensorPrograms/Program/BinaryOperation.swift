import CKernels
import Foundation

/// Elementwise functions of two operands of one type; each is named in the text form as it is here.
/// As functions of tensors, and their derivatives, they stand in `Tensors/BinaryFunctions`.
package enum BinaryOperation: Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, power
  /// The second operand where the first is positive, 0 elsewhere: how derivatives pass a relu.
  case gate

  /// The function of two numbers, by which constants are folded and the interpreter computes.
  package func callAsFunction(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .maximum: x > y || x.isNaN ? x : y
    case .minimum: x < y || x.isNaN ? x : y
    case .power: pow(x, y)
    case .gate: x > 0 ? y : 0
    }
  }

  /// The block machine's name for it.
  var machineOperation: mr_operation {
    switch self {
    case .add: MR_ADD
    case .subtract: MR_SUBTRACT
    case .multiply: MR_MULTIPLY
    case .divide: MR_DIVIDE
    case .maximum: MR_MAXIMUM
    case .minimum: MR_MINIMUM
    case .power: MR_POWER
    case .gate: MR_GATE
    }
  }

  /// Whether it takes longer to compute a result again than to store and read it: any exponent but
  /// a few takes a call of the mathematics library for each element.
  var isSlow: Bool { self == .power }
}

/// Elementwise comparisons; the result is 1 or 0 in the operands' type.
package enum Comparison: Sendable, Hashable, CaseIterable {
  case equal, less, lessOrEqual

  /// The comparison of two numbers.
  package func callAsFunction(_ x: Double, _ y: Double) -> Bool {
    switch self {
    case .equal: x == y
    case .less: x < y
    case .lessOrEqual: x <= y
    }
  }

  /// The block machine's name for it.
  var machineOperation: mr_operation {
    switch self {
    case .equal: MR_EQUAL
    case .less: MR_LESS
    case .lessOrEqual: MR_LESS_EQUAL
    }
  }
}
