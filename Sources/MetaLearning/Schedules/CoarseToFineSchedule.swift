import Settings

/// The terms of rates released in their order: each is learned when validation has found nothing
/// better for some checks with those before it, from the best state that they came to.
public struct CoarseToFineSchedule: Schedule {
  /// Checks without a new best after which the next term is released.
  public var patience: Int
  /// What multiplies the outer rate meanwhile.
  public var multiplier: any Schedule

  /// The word for it.
  public static let word = "coarseToFine"
  /// Patience and multiplier.
  public static let schema = Schema<Self>(
    "terms of rates released one after another, for outer.schedule",
    Setting(
      "patience", \.patience, .integer(), unit: "checks",
      "checks without a new best after which the next term is released"),
    Setting(
      "multiplier", \.multiplier, .kind(of: .schedules, nil, where: { !$0.isForOuterLoop }),
      "what multiplies the outer rate meanwhile"))

  /// Five checks and a constant rate, unless said otherwise.
  public init(patience: Int = 5, multiplier: any Schedule = ConstantSchedule()) {
    self.patience = patience
    self.multiplier = multiplier
  }

  /// It decides what the outer loop learns.
  public var isForOuterLoop: Bool { true }

  /// That of the schedule inside.
  public func multiplier(at step: Int, of total: Int) -> Double {
    multiplier.multiplier(at: step, of: total)
  }
}
