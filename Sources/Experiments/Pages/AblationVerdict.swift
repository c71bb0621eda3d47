import Reports

/// What an ablation's tables of differences come to, in words.
package struct AblationVerdict {
  /// A sentence for each table, which begins with what its runs are where there are several.
  package let sentences: [String]

  /// The verdicts of the tables in `ablation.md`.
  package init(markdown: String) {
    let tables = MarkdownHTML.tables(of: markdown)
    let differences = tables.filter { table in
      table.rows.first?.first == "paired difference" && table.rows[0].contains("verdict")
    }
    sentences = differences.compactMap { table in
      // The last arm of the table of means is held against the others.
      let means = tables.first { $0.heading == table.heading && $0.rows.first?.first == "rates" }
      return means?.rows.last?.first.flatMap {
        Self.sentence(table.rows, last: $0, of: differences.count > 1 ? table.heading : nil)
      }
    }
  }

  /// Arms that a last word names one by one.
  private static let mostNamed = 4

  private static func sentence(_ rows: [[String]], last: String, of heading: String?) -> String? {
    guard let column = rows[0].firstIndex(of: "verdict") else { return nil }
    let sides = rows.dropFirst().compactMap { row -> (other: String, verdict: String)? in
      let start = "\(last) − "
      // Differences of one repetition have no verdict.
      guard row.count > column, row[0].hasPrefix(start), row[column] != "—" else { return nil }
      return (String(row[0].dropFirst(start.count)), row[column])
    }
    guard !sides.isEmpty else { return nil }
    var words = ["lower", "higher"].flatMap { word in
      sides.map(\.verdict).filter { $0.hasPrefix(word) }.unique
    }
    for side in sides where !words.contains(side.verdict) { words.append(side.verdict) }
    let parts = words.map { word -> String in
      let others = sides.filter { $0.verdict == word }.map(\.other)
      // Of many that are not told apart, the others say which they are.
      let isRest = word == words.last && word == "undecided" && words.count > 1
      let names =
        isRest && others.count > mostNamed
        ? "the other \(others.count)" : others.joined(separator: "; ")
      return phrase(word) + " " + names
    }
    return (heading.map { "\($0): " } ?? "") + "\(last) "
      + parts.joined(separator: ", and ") + "."
  }

  /// `lower` and what may follow it as a phrase before arms.
  private static func phrase(_ verdict: String) -> String {
    for (word, phrase) in [
      ("lower", "has a lower test loss than"), ("higher", "has a higher test loss than"),
      ("equal", "has a test loss equal to that of"),
      ("undecided", "is not told apart from"),
    ] where verdict.hasPrefix(word) {
      let more = verdict.dropFirst(word.count)
      return more.isEmpty ? phrase : "\(phrase) (\(more.drop { ", ".contains($0) }))"
    }
    return "is \(verdict) beside"
  }
}
