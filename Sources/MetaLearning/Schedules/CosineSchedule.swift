import Foundation
import Settings

/// f + (1 − f)(1 + cos(πt/T))/2: half a wave from 1 down to f.
///
/// Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017),
/// without the restarts.
public struct CosineSchedule: Schedule {
  /// f, from 0 to 1.
  public var final: Double

  /// The word for it.
  public static let word = "cosine"
  /// Where it ends.
  public static let schema = Schema<Self>(
    "half a cosine wave from 1 down",
    Setting("final", \.final, .number(.fraction), "the multiplier that the last steps approach"))

  /// Down to 0, unless said otherwise.
  public init(final: Double = 0) { self.final = final }

  /// f + (1 − f)(1 + cos(πt/T))/2.
  public func multiplier(at step: Int, of total: Int) -> Double {
    final + (1 - final) * 0.5 * (1 + cos(.pi * Double(step) / Double(total)))
  }
}
