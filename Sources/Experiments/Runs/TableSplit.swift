import MetaLearning

/// How a table's rows are divided: fractions, and what must come of them.
struct TableSplit {
  /// The fraction of rows that each run keeps from training, to be judged on.
  let validation: Double
  /// The fraction of rows for what is reported.
  let test: Double
  /// Whether anything is reported on test rows.
  let isReported: Bool

  /// Refuses a table that leaves nothing to train on, to judge on or, where that is asked for, to
  /// report on; with the numbers.
  func check(_ table: ExampleTable) throws(DataError) {
    let rows = table.inputs.shape[0]
    let tested = Int((test * Double(rows)).rounded())
    let pool = rows - tested
    guard pool >= 2 else {
      throw .unsuitable(
        path: table.source,
        found: "\(rows) rows, of which task.test \(test) takes \(tested) and leaves \(pool)",
        expected: "at least 2 rows beside the test rows, one to train on and one to be judged on; "
          + "lower task.test to \(TableSplit.fraction(of: rows - 2, in: rows)) or less")
    }
    let kept = max(1, Int((validation * Double(rows)).rounded()))
    guard kept < pool else {
      throw .unsuitable(
        path: table.source,
        found: "\(rows) rows, of which task.test \(test) takes \(tested) and task.validation "
          + "\(validation) the other \(pool)",
        expected: "at least 1 row to train on; lower task.validation to "
          + "\(TableSplit.fraction(of: pool - 1, in: rows)) or less")
    }
    guard !isReported || tested >= 1 else {
      throw .unsuitable(
        path: table.source,
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
