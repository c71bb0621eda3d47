import Foundation

/// A number that multiplies rates and changes over the steps.
public enum Schedule: Sendable, Equatable {
  /// 1.
  case constant
  /// f + (1 − f)(1 + cos(πt/T))/2: from 1 down to f.
  case cosine(final: Double)

  /// The number at step t of T, t counted from 0.
  public func multiplier(at step: Int, of total: Int) -> Double {
    switch self {
    case .constant: 1
    case .cosine(let final):
      final + (1 - final) * 0.5 * (1 + cos(.pi * Double(step) / Double(total)))
    }
  }
}
