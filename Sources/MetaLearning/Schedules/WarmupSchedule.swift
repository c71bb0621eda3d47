import Settings

/// min(1, (t + 1)/n): a straight line up to 1.
public struct WarmupSchedule: Schedule {
  /// n, in steps.
  public var steps: Int

  /// The word for it.
  public static let word = "warmup"
  /// How long it rises.
  public static let schema = Schema<Self>(
    "a straight line up to 1",
    Setting("steps", \.steps, .integer(), unit: "steps", "steps until the multiplier is 1"))

  /// Ten steps, unless said otherwise.
  public init(steps: Int = 10) { self.steps = steps }

  /// min(1, (t + 1)/n).
  public func multiplier(at step: Int, of total: Int) -> Double {
    min(1, Double(step + 1) / Double(steps))
  }
}
