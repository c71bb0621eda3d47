/// Shares of a whole as bars, a row each, and beside each what would be expected by chance.
package struct ShareFigure: Figure {
  /// One row.
  package struct Row: Sendable {
    /// What the row is called.
    package let name: String
    /// The share, from 0 to 1.
    package let share: Double
    /// Its interval, where there is one.
    package let interval: ClosedRange<Double>?
    /// The share that chance gives; nil where there is no such thing.
    package let chance: Double?

    /// A row of the given numbers.
    package init(
      name: String, share: Double, interval: ClosedRange<Double>? = nil, chance: Double?
    ) {
      (self.name, self.share, self.interval, self.chance) = (name, share, interval, chance)
    }
  }

  /// What stands above, if anything.
  package let title: String
  /// What the shares are of.
  package let xLabel: String
  /// The rows from top to bottom.
  package let rows: [Row]

  /// A figure of some shares.
  package init(title: String = "", xLabel: String, rows: [Row]) {
    (self.title, self.xLabel, self.rows) = (title, xLabel, rows)
  }

  /// A line for each row.
  package var csv: String {
    CSV.line(["row", "share", "low", "high", "chance", "name"])
      + rows.enumerated().map { index, row in
        let numbers = [row.share, row.interval?.lowerBound, row.interval?.upperBound, row.chance]
        return CSV.line([String(index + 1)] + numbers.map(CSV.number) + [row.name])
      }.joined()
  }

  /// Bars, then intervals, then marks of chance.
  package func script(named name: String) -> String {
    let layout = RowLayout(rows.map(\.name))
    let hasIntervals = rows.contains { $0.interval != nil }
    let legend = ["explained"] + (hasIntervals ? ["95 % interval"] : []) + ["by chance"]
    var script = GnuplotScript(name: name, title: title, legend: legend, height: layout.height)
    script.addHorizontal(
      FigureAxis(.linear, covering: [0, 1], air: .none), label: xLabel, room: layout.room)
    script.add(layout.commands)
    script.add("set style fill solid 1 noborder")
    var elements = [
      "using (0):1:(0):2:($1-0.27):($1+0.27) with boxxyerror"
        + " linecolor rgb '\(GnuplotScript.palette[5])'"
    ]
    if hasIntervals {
      elements.append(
        "using 3:1:($4-$3):(0) with vectors nohead linewidth 3"
          + " linecolor rgb '\(GnuplotScript.palette[0])'")
    }
    elements.append(
      "using 5:1 with points pointtype 6 pointsize 1.1 linewidth 2"
        + " linecolor rgb '\(GnuplotScript.palette[1])'")
    let titled = zip(elements, legend).map { "\($0) title \(GnuplotScript.legendTitle($1))" }
    return script.text(plotting: rows.isEmpty ? [] : titled)
  }
}
