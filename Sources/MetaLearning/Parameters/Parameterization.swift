import Foundation
import Settings
import TensorPrograms

/// How an unconstrained, trainable number becomes an effective rate.
public enum Parameterization: Sendable, Equatable {
  /// The rate is the unconstrained number, and may become negative.
  case direct
  /// The rate is e^x, x being the unconstrained number.
  case log
  /// The rate is log(1 + e^x).
  case softplus
  /// The rate is maximum / (1 + e^−x).
  case sigmoid(maximum: Double)

  /// The unconstrained number of a rate; nil where there is none.
  public func unconstrained(_ rate: Double) -> Double? {
    let x: Double =
      switch self {
      case .direct: rate
      case .log: Foundation.log(rate)
      // log(e^rate − 1), without overflow for large rates.
      case .softplus: rate + Foundation.log(-expm1(-rate))
      case .sigmoid(let maximum): Foundation.log(rate / (maximum - rate))
      }
    return x.isFinite ? x : nil
  }

  /// Effective rates of unconstrained numbers, element by element.
  public func effective(_ x: Tensor) -> Tensor {
    switch self {
    case .direct: x
    case .log: x.exp()
    case .softplus: x.softplus()
    case .sigmoid(let maximum): maximum * x.sigmoid()
    }
  }
}

extension Parameterization {
  /// The word for it.
  public var word: String {
    switch self {
    case .direct: "direct"
    case .log: "log"
    case .softplus: "softplus"
    case .sigmoid: "sigmoid"
    }
  }

  /// Rates that have an unconstrained number.
  var possibleRates: NumberRange {
    let range: NumberRange =
      switch self {
      case .direct: .finite
      case .log, .softplus: .positive
      case .sigmoid(let maximum): .positive(below: maximum)
      }
    return range.under("parameterization \(word)")
  }
}

extension Form<Parameterization> {
  /// A word, or a sigmoid with its maximum.
  public static var parameterization: Form {
    .choice(
      "a parameterization",
      [
        Alternative("direct", .direct, "the rate is the trainable number, and may be negative"),
        Alternative("log", .log, "the rate is e^x"),
        Alternative("softplus", .softplus, "the rate is log(1 + e^x)"),
        Alternative(
          "sigmoid", 1.0, "the rate is maximum / (1 + e^−x)",
          Setting("maximum", \.self, .number(.positive), "what no rate reaches"),
          value: { .sigmoid(maximum: $0) },
          payload: { if case .sigmoid(let maximum) = $0 { maximum } else { nil } }),
      ])
  }
}
