/// The Markdown that tables and reports here are written in, as HTML: headings, tables, lists,
/// paragraphs, code and links. Anything else is text.
package enum MarkdownHTML {
  /// The page's markup.
  package static func html(_ markdown: String) -> String {
    var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[
      ...]
    var html = ""
    func take(while condition: (String) -> Bool) -> [String] {
      let taken = Array(lines.prefix(while: condition))
      lines = lines.dropFirst(taken.count)
      return taken
    }
    while let line = lines.first {
      if line.hasPrefix("|") {
        html += table(take { $0.hasPrefix("|") })
      } else if line.hasPrefix("#") {
        let level = line.prefix { $0 == "#" }.count
        html += "<h\(level + 1)>\(inline(line.dropFirst(level + 1)))</h\(level + 1)>\n"
        lines = lines.dropFirst()
      } else if line.hasPrefix("- ") {
        html +=
          "<ul>\n"
          + take { $0.hasPrefix("- ") }.map { "<li>\(inline($0.dropFirst(2)))</li>\n" }
          .joined() + "</ul>\n"
      } else if line.isEmpty {
        lines = lines.dropFirst()
      } else {
        let paragraph = take { !$0.isEmpty && !["|", "#", "- "].contains(where: $0.hasPrefix) }
        html += "<p>\(inline(paragraph.joined(separator: " ")[...]))</p>\n"
      }
    }
    return html
  }

  /// A table, and the heading that it is below.
  package struct FoundTable: Equatable {
    /// Nil for one above all headings.
    package let heading: String?
    /// Cells, those of the head first.
    package let rows: [[String]]

    /// A table below a heading.
    package init(heading: String?, rows: [[String]]) {
      (self.heading, self.rows) = (heading, rows)
    }
  }

  /// All tables, from top to bottom.
  package static func tables(of markdown: String) -> [FoundTable] {
    var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[
      ...]
    var tables: [FoundTable] = []
    var heading: String?
    while let line = lines.first {
      let table = lines.prefix { $0.hasPrefix("|") }.map(cells)
      if line.hasPrefix("#") { heading = String(line.drop { $0 == "#" || $0 == " " }) }
      if !table.isEmpty {
        let rows = table.indices.filter { $0 != 1 }.map { table[$0] }
        tables.append(FoundTable(heading: heading, rows: rows))
      }
      lines = lines.dropFirst(max(1, table.count))
    }
    return tables
  }

  private static func table(_ lines: [String]) -> String {
    let rows = lines.map(cells)
    guard rows.count >= 2 else { return "" }
    let columns = zip(rows[0], rows[1]).map { heading, rule -> Table.Column in
      rule.hasSuffix(":") ? .right(heading) : .left(heading)
    }
    let body = rows.dropFirst(2).map { $0.prefix(columns.count).map { inline($0[...]) } }
    return Table(columns, rows: Array(body)).html(caption: rows[0][0], isMarkup: true)
  }

  private static func cells(_ line: String) -> [String] {
    line.replacing("\\|", with: "\u{0}").split(separator: "|", omittingEmptySubsequences: false)
      .dropFirst().dropLast()
      .map { cell in
        var text = String(cell.drop { $0 == " " })
        while text.last == " " { text.removeLast() }
        return text.replacing("\u{0}", with: "|")
      }
  }

  /// Code between backticks, the rest as text.
  private static func inline(_ text: Substring) -> String {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
      let escaped = HTML.escaped(String(part))
      return index % 2 == 1 ? "<code>\(escaped)</code>" : escaped
    }.joined()
  }
}
