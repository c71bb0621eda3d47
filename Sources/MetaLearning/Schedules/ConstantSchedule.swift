import Settings

/// 1 at every step.
public struct ConstantSchedule: Schedule {
  /// The word for it.
  public static let word = "constant"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("the same rates throughout")

  /// A schedule that changes nothing.
  public init() {}

  /// The multiplier 1, always.
  public func multiplier(at step: Int, of total: Int) -> Double { 1 }
}
