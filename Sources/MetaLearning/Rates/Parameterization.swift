import Foundation
import TensorPrograms

/// How a raw, trainable number becomes an effective rate.
public enum Parameterization: Sendable, Equatable {
  /// The rate is the raw number, and may become negative.
  case direct
  /// The rate is e^raw.
  case log
  /// The rate is log(1 + e^raw).
  case softplus
  /// The rate is maximum / (1 + e^−raw).
  case sigmoid(maximum: Double)

  /// The raw number of a rate; nil where there is none.
  public func raw(_ rate: Double) -> Double? {
    let raw: Double =
      switch self {
      case .direct: rate
      case .log: Foundation.log(rate)
      // log(e^rate − 1), without overflow for large rates.
      case .softplus: rate + Foundation.log(-expm1(-rate))
      case .sigmoid(let maximum): Foundation.log(rate / (maximum - rate))
      }
    return raw.isFinite ? raw : nil
  }

  /// Effective rates of raw numbers, element by element.
  public func effective(_ raw: Tensor) -> Tensor {
    switch self {
    case .direct: raw
    case .log: raw.exp()
    case .softplus: raw.softplus()
    case .sigmoid(let maximum): maximum * raw.sigmoid()
    }
  }
}
