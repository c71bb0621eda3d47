import Foundation

/// Elementwise primitives on plain numbers: the reference for constant folding and the interpreter.
package enum ScalarMath {
  /// The value of an elementwise primitive, computed in double and rounded to the given type.
  package static func apply(
    _ primitive: ElementwisePrimitive, _ x: [Double], in scalar: ScalarType
  ) -> Double {
    switch primitive {
    case .unary(let operation): rounded(unary(operation, x[0]), to: scalar)
    case .binary(let operation): rounded(binary(operation, x[0], x[1]), to: scalar)
    case .compare(let comparison): compare(comparison, x[0], x[1]) ? 1 : 0
    case .select: x[0] != 0 ? x[1] : x[2]
    }
  }

  /// A double rounded to an element type.
  package static func rounded(_ value: Double, to scalar: ScalarType) -> Double {
    switch scalar {
    case .float32: Double(Float(value))
    case .float64: value
    case .int32: value.rounded(.towardZero)
    }
  }

  private static func unary(_ operation: UnaryOperation, _ x: Double) -> Double {
    switch operation {
    case .negate: -x
    case .absolute: abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .relu: binary(.maximum, x, 0)
    case .exp: exp(x)
    case .log: log(x)
    case .sqrt: x.squareRoot()
    case .tanh: tanh(x)
    case .sigmoid: x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .sin: sin(x)
    case .cos: cos(x)
    }
  }

  private static func binary(_ operation: BinaryOperation, _ x: Double, _ y: Double) -> Double {
    switch operation {
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

  private static func compare(_ comparison: Comparison, _ x: Double, _ y: Double) -> Bool {
    switch comparison {
    case .equal: x == y
    case .less: x < y
    case .lessOrEqual: x <= y
    }
  }
}
