import Foundation
import Settings

/// Multiplied by a factor after every so many steps: factor^⌊t/n⌋.
public struct StepSchedule: Schedule {
  /// n, in steps.
  public var every: Int
  /// What each drop multiplies by.
  public var factor: Double

  /// The word for it.
  public static let word = "step"
  /// The interval and the factor.
  public static let schema = Schema<Self>(
    "multiplied by a factor after every so many steps",
    Setting("every", \.every, .integer(), unit: "steps", "steps between two drops"),
    Setting("factor", \.factor, .number(.positive), "what each drop multiplies by"))

  /// Halved every hundred steps, unless said otherwise.
  public init(every: Int = 100, factor: Double = 0.5) {
    self.every = every
    self.factor = factor
  }

  /// The multiplier factor^⌊t/n⌋ of step t.
  public func multiplier(at step: Int, of total: Int) -> Double {
    pow(factor, Double(step / every))
  }
}
