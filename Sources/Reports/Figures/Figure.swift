/// A picture as its data and the gnuplot script that draws them, so that anyone can restyle it.
package protocol Figure: Sendable {
  /// The data, a header line first.
  var csv: String { get }
  /// The script that draws `<name>.csv` from its own folder into `<name>.svg` and `<name>.png`.
  ///
  /// The same figure gives the same text: no dates, versions or paths.
  func script(named name: String) -> String
}

/// What became of a figure: the files, and why there is no picture where there is none.
package struct DrawnFigure: Sendable, Equatable {
  /// The data.
  package let csv: String
  /// The gnuplot script.
  package let script: String
  /// The picture for print and web, once drawn.
  package let svg: String?
  /// The picture in 900 pixels' width, once drawn.
  package let png: String?
  /// What went wrong and what to do about it.
  package let warning: String?
}

/// Rows of comma-separated values after RFC 4180, with `\n` at the end of each line.
package enum CSV {
  /// A line from cells that may need quotes.
  package static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\n"
  }

  /// The cells of a line.
  package static func cells(_ line: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    var wasQuote = false
    for character in line {
      switch character {
      case "\"":
        // Two quotes within quotes are one.
        if !isQuoted && wasQuote { cells[cells.count - 1].append(character) }
        isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
      wasQuote = character == "\""
    }
    return cells
  }

  /// The shortest text that reads back as the same number; empty for none.
  package static func number(_ value: Double?) -> String {
    value?.description ?? ""
  }

  private static func quoted(_ cell: String) -> String {
    // A picture's data are one line per row, for gnuplot as for `grep`.
    let cell = String(cell.map { $0.isNewline ? " " : $0 })
    guard cell.contains(where: { $0 == "," || $0 == "\"" }) else { return cell }
    return "\"\(cell.replacing("\"", with: "\"\""))\""
  }
}
