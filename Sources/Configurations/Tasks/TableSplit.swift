import MetaLearning
import Settings

/// How a table's rows are divided: fractions of all rows, of which training gets the rest.
public struct TableSplit: Sendable, Equatable {
  /// The fraction of rows that each run keeps from training, to be evaluated on.
  public var validation: Double
  /// The fraction of rows for what is reported.
  public var test: Double
  /// What the choice of those rows follows from, whatever the seed of a run is.
  public var seed: UInt64

  /// A quarter each for validation and test, unless said otherwise.
  public init(validation: Double = 0.25, test: Double = 0.25, seed: UInt64 = 0) {
    self.validation = validation
    self.test = test
    self.seed = seed
  }

  /// The settings of a split as those of a task that has one.
  public static func schema<Task: Sendable>(
    _ meaning: String, _ property: WritableKeyPath<Task, TableSplit> & Sendable
  ) -> Schema<Task> {
    Schema<TableSplit>(
      meaning,
      // Rates are learned on validation rows, so there must be some; test rows only report.
      Setting(
        "validation", \.validation, .number(.between0And1),
        "fraction of the rows that each run keeps from training, to be evaluated on"),
      Setting("test", \.test, .number(.belowOne), "fraction of the rows that only report"),
      Setting(
        "splitSeed", \.seed, .seed, "what the choice of those rows follows from, for all runs")
    ).refusing { split, written in
      guard split.validation + split.test >= 1 else { return nil }
      let advice = "training gets the rest"
      return written.contains("test")
        ? Conflict(
          "test", split.test, " beside validation \(split.validation)", expected: "a sum below 1",
          advice: advice)
        : Conflict(
          "validation", split.validation, " beside test \(split.test)", expected: "a sum below 1",
          advice: advice)
    }.lifted(property)
  }

  /// Refuses a table that leaves nothing to train on, to evaluate on or, where that is asked for,
  /// to report on; with the numbers.
  func check(rows: Int, source: String, reportsOnTest: Bool) throws(DataError) {
    let tested = Int((test * Double(rows)).rounded())
    let pool = rows - tested
    guard pool >= 2 else {
      throw .unsuitable(
        path: source,
        found: "\(rows) rows, of which task.test \(test) takes \(tested) and leaves \(pool)",
        expected: "at least 2 rows beside the test rows, one to train on and one to be evaluated "
          + "on; lower task.test to \(TableSplit.fraction(of: rows - 2, in: rows)) or less")
    }
    let kept = max(1, Int((validation * Double(rows)).rounded()))
    guard kept < pool else {
      throw .unsuitable(
        path: source,
        found: "\(rows) rows, of which task.test \(test) takes \(tested) and task.validation "
          + "\(validation) the other \(pool)",
        expected: "at least 1 row to train on; lower task.validation to "
          + "\(TableSplit.fraction(of: pool - 1, in: rows)) or less")
    }
    guard !reportsOnTest || tested >= 1 else {
      throw .unsuitable(
        path: source,
        found: "no test rows to report on: task.test \(test) of \(rows) rows",
        expected: "at least 1; write task.test=\(max(0.25, TableSplit.fraction(of: 1, in: rows)))")
    }
  }

  /// A fraction of few digits that gives at most so many rows, and that many where it can.
  private static func fraction(of count: Int, in rows: Int) -> Double {
    let exact = Double(count) / Double(rows)
    let rounded = (exact * 100).rounded(.down) / 100
    return Int((rounded * Double(rows)).rounded()) >= 1 || count < 1 ? rounded : exact
  }
}
