import CKernels

/// The primitives that work element by element.
package enum ElementwisePrimitive: Sendable, Hashable {
  case unary(UnaryOperation)
  case binary(BinaryOperation)
  case compare(Comparison)
  /// The second operand where the first is not zero, elsewhere the third.
  case select

  /// The value at the operands' elements, computed in double and rounded to the given type.
  package func callAsFunction(_ x: [Double], in scalar: ScalarType) -> Double {
    switch self {
    case .unary(let operation): scalar.rounded(operation(x[0]))
    case .binary(let operation): scalar.rounded(operation(x[0], x[1]))
    case .compare(let comparison): comparison(x[0], x[1]) ? 1 : 0
    case .select: x[0] != 0 ? x[1] : x[2]
    }
  }

  /// The block machine's name for it.
  var machineOperation: mr_operation {
    switch self {
    case .unary(let operation): operation.machineOperation
    case .binary(let operation): operation.machineOperation
    case .compare(let comparison): comparison.machineOperation
    case .select: MR_SELECT
    }
  }
}
