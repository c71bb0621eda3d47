import Settings

/// How often a run's history gets a row.
public struct HistoryConfiguration: Sendable, Equatable {
  /// Outer steps between two rows; steps that are validated, the first and the last have one too.
  public var every: Int

  /// A row for every step, unless said otherwise.
  public init(every: Int = 1) { self.every = every }

  /// Rows at equal distances: as many as a figure can show, few enough to cost nothing.
  private static let rows = 200

  /// The distance for so many outer steps where none is written.
  static func every(of steps: Int) -> Int { max(1, steps / rows) }
}

extension HistoryConfiguration: Configurable {
  /// The distance between rows.
  public static let schema = Schema<Self>(
    "how often the history gets a row",
    Setting(
      "every", \.every, .integer(), unit: "outer steps",
      "what lies between two rows of the history; steps that are validated, the first and the last "
        + "have one too; where it is not written, a 200th of outer.steps"))
}
