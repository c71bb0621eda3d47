import Settings

/// How often a run's history gets a row, and who else is to read it.
public struct HistoryConfiguration: Sendable, Equatable {
  /// Outer steps between two rows; steps that are validated, the first and the last have one too.
  public var every: Int
  /// Whether the rows are written to an event file too, which TensorBoard shows.
  public var servesTensorBoard: Bool

  /// A row for every step and no event file, unless said otherwise.
  public init(every: Int = 1, servesTensorBoard: Bool = false) {
    self.every = every
    self.servesTensorBoard = servesTensorBoard
  }

  /// Rows at equal distances: as many as a figure can show, few enough to cost nothing.
  private static let rows = 200

  /// The distance for so many outer steps where none is written.
  static func every(of steps: Int) -> Int { max(1, steps / rows) }
}

extension HistoryConfiguration: Configurable {
  /// The distance between rows, and what they are written for.
  public static let schema = Schema<Self>(
    "how often the history gets a row, and whether TensorBoard shows it",
    Setting(
      "every", \.every, .integer(), unit: "outer steps",
      "what lies between two rows of the history; steps that are validated, the first and the last "
        + "have one too; where it is not written, a 200th of outer.steps"),
    Setting(
      "tensorboard", \.servesTensorBoard, .flag,
      "whether the run's folder gets an event file too, which TensorBoard shows",
      byDefault: "false", isWritten: { $0.servesTensorBoard }))
}
