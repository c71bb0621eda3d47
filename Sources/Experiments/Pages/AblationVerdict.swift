import Reports

/// What an ablation's tables of differences come to, in words.
package struct AblationVerdict {
  /// A sentence for each table, which begins with what its runs are where there are several.
  package let sentences: [String]

  /// The verdicts of the tables in `ablation.md`.
  package init(markdown: String) {
    let tables = MarkdownHTML.tables(of: markdown).filter { table in
      table.rows.first?.first == "paired difference" && table.rows[0].contains("verdict")
    }
    sentences = tables.compactMap { table in
      Self.sentence(table.rows, of: tables.count > 1 ? table.heading : nil)
    }
  }

  /// Arms that a last word names one by one.
  private static let mostNamed = 4

  private static func sentence(_ rows: [[String]], of heading: String?) -> String? {
    guard let column = rows[0].firstIndex(of: "verdict") else { return nil }
    // The last arm stands first in each difference.
    let sides = rows.dropFirst().compactMap {
      row -> (last: String, other: String, verdict: String)? in
      guard row.count > column, let minus = row[0].range(of: " − ") else { return nil }
      return (
        String(row[0][..<minus.lowerBound]), String(row[0][minus.upperBound...]), row[column]
      )
    }
    guard let last = sides.first?.last else { return nil }
    let known = ["lower", "higher"]
    var words = known.filter { word in sides.contains { $0.verdict == word } }
    for side in sides where !words.contains(side.verdict) { words.append(side.verdict) }
    let parts = words.map { word -> String in
      let others = sides.filter { $0.verdict == word }.map(\.other)
      let preposition = known.contains(word) ? "than" : word.hasPrefix("equal") ? "to" : "beside"
      // Of many that are not told apart, the others say which they are.
      let isRest = word == words.last && !known.contains(word) && words.count > 1
      return "\(word) \(preposition) "
        + (isRest && others.count > mostNamed
          ? "the other \(others.count)" : others.joined(separator: "; "))
    }
    return (heading.map { "\($0): " } ?? "") + "\(last) has a test loss "
      + parts.joined(separator: ", and ") + "."
  }
}
