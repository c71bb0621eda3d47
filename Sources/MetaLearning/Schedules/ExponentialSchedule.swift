import Foundation
import Settings

/// Multipliers decay^t: every step shrinks the rates by one factor.
public struct ExponentialSchedule: Schedule {
  /// What each step multiplies by.
  public var decay: Double

  /// The word for it.
  public static let word = "exponential"
  /// The decay, which must be written.
  public static let schema = Schema<Self>(
    "multiplied by the same factor at every step",
    Setting(
      "decay", \.decay, .number(.positive), "what each step multiplies by", mustBeWritten: true))

  /// A decay a step.
  public init(decay: Double) { self.decay = decay }

  /// The multiplier decay^t of step t.
  public func multiplier(at step: Int, of total: Int) -> Double { pow(decay, Double(step)) }
}
