import CKernels
import Foundation

/// Elementwise functions of one floating-point operand; each is named in the text form as it is
/// here. As functions of tensors, and their derivatives, they stand in `Tensors/UnaryFunctions`.
package enum UnaryOperation: Sendable, Hashable, CaseIterable {
  case negate, absolute, sign, relu, exp, log, sqrt, tanh, sigmoid, softplus, sin, cos
  case expm1, log1p, erf

  /// The function of a number, by which constants are folded and the interpreter computes.
  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .negate: -x
    case .absolute: abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .relu: BinaryOperation.maximum(x, 0)
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .sqrt: x.squareRoot()
    case .tanh: Foundation.tanh(x)
    case .sigmoid:
      x >= 0 ? 1 / (1 + Foundation.exp(-x)) : Foundation.exp(x) / (1 + Foundation.exp(x))
    case .softplus: max(x, 0) + Foundation.log1p(Foundation.exp(-abs(x)))
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    case .expm1: Foundation.expm1(x)
    case .log1p: Foundation.log1p(x)
    case .erf: Foundation.erf(x)
    }
  }

  /// The block machine's name for it.
  var machineOperation: mr_operation {
    switch self {
    case .negate: MR_NEGATE
    case .absolute: MR_ABSOLUTE
    case .sign: MR_SIGN
    case .relu: MR_RELU
    case .exp: MR_EXP
    case .log: MR_LOG
    case .sqrt: MR_SQRT
    case .tanh: MR_TANH
    case .sigmoid: MR_SIGMOID
    case .softplus: MR_SOFTPLUS
    case .sin: MR_SIN
    case .cos: MR_COS
    case .expm1: MR_EXPM1
    case .log1p: MR_LOG1P
    case .erf: MR_ERF
    }
  }

  /// Whether its derivative is 0 wherever it has one, so that none passes.
  var isConstantBetweenJumps: Bool { self == .sign }
}
