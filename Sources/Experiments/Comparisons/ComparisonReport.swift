import Checkpoints
import Files
import Foundation
import Reports

/// A comparison of runs as a table and as a file.
extension RunComparison {
  /// So many settings have columns of their own.
  private static let mostColumns = 6

  /// The table, and what must be known to read it.
  package var text: String {
    ([table.text] + remarks).joined(separator: "\n")
  }

  private var table: Table {
    let isRepeated = groups.contains { $0.records.count > 1 }
    let interval = isRepeated ? [Table.Column.left("95 % interval")] : []
    let shown = keys.prefix(Self.mostColumns)
    return Table(
      [.right("group")]
        // Groups that nothing tells apart are one, by whatever name.
        + shown.map { .right($0) }
        + [.right("seeds"), .right("start: test loss")] + interval
        + [.right("learned: test loss")] + interval
        + [.right("learned − start")] + interval + (isRepeated ? [.left("verdict")] : [])
        + (hasAccuracies ? [.right("accuracy")] : []),
      rows: groups.enumerated().map { index, group in
        let difference = group.difference
        func optional(_ text: String?) -> [String] { isRepeated ? [text ?? "—"] : [] }
        return ["\(index + 1)"] + group.values.prefix(Self.mostColumns)
          + ["\(group.records.count)", group.start?.text ?? "—"]
          + optional(group.start?.intervalText)
          + [group.learned.text] + optional(group.learned.intervalText)
          + [difference?.text ?? "—"] + optional(difference?.intervalText)
          + optional(difference?.verdict)
          + (hasAccuracies ? [group.records.accuracyText] : [])
      })
  }

  private var hasAccuracies: Bool {
    groups.contains { $0.records.contains { $0.accuracy != nil } }
  }

  private var remarks: [String] {
    var remarks: [String] = []
    if keys.count > Self.mostColumns {
      remarks.append(
        "settings that also differ: \(keys.dropFirst(Self.mostColumns).joined(separator: ", ")); "
          + "--csv has their values")
    }
    if groups.contains(where: { $0.records.count > 1 }) {
      remarks.append(
        "means over seeds, intervals by Student's t over seeds, verdicts of learned − start by the "
          + "interval")
    }
    if groups.contains(where: { $0.records.count == 1 }) {
      remarks.append("a group of one seed is a description of one run, without interval")
    }
    let diverged = groups.flatMap(\.records).count { !$0.loss.isFinite }
    if diverged > 0 {
      remarks.append(
        "\(diverged) runs diverged and count as the worst: no mean is made of their groups")
    }
    return remarks
  }

  /// A row for each run.
  package var csv: String {
    RunRecord.csv(group: "group", keys: keys, groups.map { ($0.values, $0.records) })
  }

  /// Writes a row for each run into a file.
  package func write(to path: String) throws {
    try AtomicFile.write(Array(csv.utf8), to: path)
  }
}
