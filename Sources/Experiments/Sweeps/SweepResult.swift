import Checkpoints
import Files
import Foundation
import Reports

/// What the runs of a sweep came to.
package struct SweepResult: Sendable {
  /// A combination of values over its seeds.
  package struct Row: Sendable {
    /// Values by axis.
    package let values: [String]
    /// A run for each seed.
    package let records: [RunRecord]
    /// The best validation objective; nil where nothing was validated.
    package let validation: SeedMean?
    /// The test loss of the state that validation chose.
    package let loss: SeedMean

    init(_ values: [String], _ records: [RunRecord]) {
      self.values = values
      self.records = records
      let validations = records.compactMap(\.validation)
      validation = validations.count == records.count ? SeedMean(validations) : nil
      loss = SeedMean(records.map(\.loss))
    }
  }

  package let plan: SweepPlan
  package let folder: SweepFolder
  /// In the order of the plan.
  package let rows: [Row]

  /// - Parameter records: of the plan's cells, in their order.
  package init(plan: SweepPlan, folder: SweepFolder, records: [RunRecord]) {
    self.plan = plan
    self.folder = folder
    rows = plan.combinations.enumerated().map { index, values in
      Row(values, zip(plan.cells, records).filter { $0.0.combination == index }.map(\.1))
    }
  }

  /// The combination with the least mean validation objective; nil where no seeds' mean is finite.
  package var best: Int? {
    let scores = rows.map { $0.validation?.score ?? .infinity }
    guard let least = scores.min(), least.isFinite else { return nil }
    return scores.firstIndex(of: least)
  }

  /// Whether runs were validated at all.
  var isValidated: Bool { rows.contains { $0.validation != nil } }

  /// The table, and what must be known to read it.
  package var text: String {
    var lines = ["", table.text, bestSentence]
    lines += remarks
    return lines.joined(separator: "\n")
  }

  private var table: Table {
    let hasIntervals = plan.seeds > 1
    let hasAccuracies = rows.contains { $0.records.contains { $0.accuracy != nil } }
    return Table(
      [.right("combination")] + plan.axes.map { .right($0.key) }
        + [.right("validation"), .right("test loss")]
        + (hasIntervals ? [.left("95 % interval")] : [])
        + (hasAccuracies ? [.right("accuracy")] : [])
        + [.right("steps"), .right("seconds"), .left("")],
      rows: rows.enumerated().map { index, row in
        return ["\(index + 1)"] + row.values
          + [row.validation?.text ?? "—", row.loss.text]
          + (hasIntervals ? [row.loss.intervalText] : [])
          + (hasAccuracies ? [row.records.accuracyText] : [])
          + [
            mean(row.records.map { $0.steps.map(Double.init) }),
            mean(row.records.map { $0.history?.seconds }),
            index == best ? "← best by validation" : "",
          ]
      })
  }

  /// A mean over seeds of what all of them have.
  private func mean(_ values: [Double?]) -> String {
    let known = values.compactMap(\.self)
    guard known.count == values.count else { return "—" }
    let mean = Summary(known).mean
    return mean == mean.rounded() ? "\(Int(mean))" : Format.number(mean)
  }

  private var bestSentence: String {
    guard let best else {
      return isValidated
        ? "every combination diverged: none is best"
        : "nothing was validated (outer.validation.every is 0): none is called best"
    }
    let values = SweepPlan.text(plan.axes, rows[best].values)
    return "best by validation: combination \(best + 1)\(values.isEmpty ? "" : ", \(values)")"
  }

  private var remarks: [String] {
    var remarks: [String] = []
    if plan.seeds > 1 {
      remarks.append(
        "means of \(plan.seeds) seeds, intervals by Student's t over seeds; what is best of several "
          + "owes some of it to chance: new seeds tell how much")
    } else {
      remarks.append(
        "one seed: a description of what was run once, without intervals; --seeds 5 repeats each "
          + "cell"
      )
    }
    let diverged = rows.flatMap(\.records).filter(\.isNotFinite).count
    if diverged > 0 {
      remarks.append(
        "\(diverged) of \(plan.cells.count) cells came to numbers that are not finite and count as "
          + "the worst; \(RunFolder("").failure.dropFirst()) in their folders says where")
    }
    let moving = plan.axes.map(\.key).filter(SweepResult.changesValidation)
    if !moving.isEmpty {
      remarks.append(
        "\(moving.joined(separator: ", ")) changes what validation measures: objectives of "
          + "different values may not be comparable")
    }
    return remarks
  }

  /// Whether a setting decides what is validated, and not only how it is learned.
  private static func changesValidation(_ key: String) -> Bool {
    ["task", "outer.objective", "outer.validation", "inner.steps", "precision"].contains {
      key == $0 || key.hasPrefix($0 + ".")
    }
  }

  /// A row for each cell.
  package var csv: String {
    RunRecord.csv(
      group: "combination", keys: plan.axes.map(\.key), rows.map { ($0.values, $0.records) })
  }

  /// Writes `sweep.csv`.
  package func write() throws {
    try AtomicFile.write(Array(csv.utf8), to: folder.table)
  }
}
