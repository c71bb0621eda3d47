/// Text in columns, for a terminal or for Markdown.
///
/// ```swift
/// var table = Table([.left("arm"), .right("loss")])
/// table.append(["learned", "0.31"])
/// print(table.text)
/// ```
package struct Table: Sendable, Equatable {
  /// Where the text of a column stands.
  package enum Alignment: Sendable { case left, right, center }

  /// A heading and where what is below it stands.
  package struct Column: Sendable, Equatable {
    /// The text at the top.
    package let heading: String
    /// Where heading and cells stand.
    package let alignment: Alignment

    /// A column of text, flush left.
    package static func left(_ heading: String) -> Column {
      Column(heading: heading, alignment: .left)
    }

    /// A column of numbers, flush right.
    package static func right(_ heading: String) -> Column {
      Column(heading: heading, alignment: .right)
    }

    /// A column of marks, in the middle.
    package static func center(_ heading: String) -> Column {
      Column(heading: heading, alignment: .center)
    }
  }

  /// The columns from left to right.
  package let columns: [Column]
  /// The rows from top to bottom, each with a cell for every column.
  package private(set) var rows: [[String]] = []

  /// A table with some rows.
  package init(_ columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    for row in rows { append(row) }
  }

  /// Adds a row; cells left out at its end are empty.
  package mutating func append(_ row: [String]) {
    precondition(
      row.count <= columns.count,
      "a row of \(row.count) cells does not fit \(columns.count) columns: \(row)")
    rows.append(row + [String](repeating: "", count: columns.count - row.count))
  }

  /// For a terminal: two spaces between columns, a rule below the headings, no trailing spaces.
  package var text: String {
    let lines = ([columns.map(\.heading)] + rows).map { $0.map(Self.onOneLine) }
    let widths = widths(of: lines, least: 0)
    var drawn = lines.map { joined($0, widths: widths, separator: "  ") }
    drawn.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "), at: 1)
    return drawn.map(Self.withoutTrailingSpaces).joined(separator: "\n") + "\n"
  }

  /// For Markdown, padded so that the source reads as a table too.
  package var markdown: String {
    let lines = ([columns.map(\.heading)] + rows).map { $0.map(Self.escapedForMarkdown) }
    // Three characters are the least that a rule with a colon needs everywhere.
    let widths = widths(of: lines, least: 3)
    let rules = zip(columns, widths).map { column, width in
      switch column.alignment {
      case .left: return String(repeating: "-", count: width)
      case .right: return String(repeating: "-", count: width - 1) + ":"
      case .center: return ":" + String(repeating: "-", count: width - 2) + ":"
      }
    }
    var drawn = lines.map { joined($0, widths: widths, separator: " | ") }
    drawn.insert(rules.joined(separator: " | "), at: 1)
    return drawn.map { "| \($0) |\n" }.joined()
  }

  private func widths(of lines: [[String]], least: Int) -> [Int] {
    columns.indices.map { column in
      lines.reduce(least) { max($0, TextWidth.of($1[column])) }
    }
  }

  private func joined(_ cells: [String], widths: [Int], separator: String) -> String {
    zip(zip(cells, columns), widths).map { pair, width in
      let (cell, column) = pair
      let room = width - TextWidth.of(cell)
      let before =
        switch column.alignment {
        case .left: 0
        case .right: room
        case .center: room / 2
        }
      return String(repeating: " ", count: before) + cell
        + String(repeating: " ", count: room - before)
    }.joined(separator: separator)
  }

  private static func onOneLine(_ cell: String) -> String {
    String(cell.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  private static func withoutTrailingSpaces(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  private static func escapedForMarkdown(_ cell: String) -> String {
    cell.reduce(into: "") { text, character in
      if character.isNewline {
        text += "<br>"
      } else if character == "|" {
        text += "\\|"
      } else {
        text.append(character == "\t" ? " " : character)
      }
    }
  }
}
