/// Estimates with their intervals, a row each, against the line at zero.
///
/// What lies beyond the picture, such as the end of an interval that is infinite after divergence,
/// is cut at its edge with an arrowhead.
package struct IntervalFigure: Figure {
  /// One row.
  package struct Row: Sendable {
    /// What the row is called.
    package let name: String
    /// The point.
    package let estimate: Double
    /// The line.
    package let interval: ClosedRange<Double>

    /// A row from numbers.
    package init(name: String, estimate: Double, interval: ClosedRange<Double>) {
      self.name = name
      self.estimate = estimate
      self.interval = interval
    }

    /// A row from a comparison.
    package init(name: String, _ comparison: PairedDifference) {
      self.init(name: name, estimate: comparison.estimate, interval: comparison.interval)
    }
  }

  /// What stands above, if anything.
  package let title: String
  /// What the differences are, and which sign is better.
  package let xLabel: String
  /// The margin within which arms count as equivalent, shaded.
  package let margin: Double?
  /// The rows from top to bottom.
  package let rows: [Row]

  /// A figure of some differences.
  package init(title: String = "", xLabel: String, margin: Double? = nil, rows: [Row]) {
    self.title = title
    self.xLabel = xLabel
    self.margin = margin
    self.rows = rows
  }

  /// A line for each row.
  package var csv: String {
    CSV.line(["row", "estimate", "low", "high", "name"])
      + rows.enumerated().map { index, row in
        let numbers = [row.estimate, row.interval.lowerBound, row.interval.upperBound]
        return CSV.line([String(index + 1)] + numbers.map { CSV.number($0) } + [row.name])
      }.joined()
  }

  /// The margin at the back, then the zero line, intervals and points.
  package func script(named name: String) -> String {
    let values = rows.flatMap { [$0.estimate, $0.interval.lowerBound, $0.interval.upperBound] }
    let axis = FigureAxis(
      .linear, covering: values + [0] + (margin.map { [-1.2 * $0, 1.2 * $0] } ?? []))
    let layout = RowLayout(rows.map(\.name))
    var script = GnuplotScript(
      name: name, title: title, legend: legend, height: layout.height)
    script.addHorizontal(axis, label: xLabel, room: layout.room)
    script.add(layout.commands)
    script.add(
      "set arrow from 0, graph 0 to 0, graph 1 nohead back linewidth 1.5"
        + " linecolor rgb '#444444'",
      "left = \(axis.range.lowerBound)",
      "right = \(axis.range.upperBound)",
      "inside(value) = (value < left ? left : value > right ? right : value)",
      "set style fill solid 1 noborder")
    let blue = "linecolor rgb '\(GnuplotScript.palette[0])'"
    var elements = [
      "using (inside($3)):1:(inside($4)-inside($3)):(0) with vectors nohead linewidth 3 \(blue)"
        + " title \(GnuplotScript.legendTitle(legend[0]))",
      arrow(from: "right-(right-left)*0.03", by: "(right-left)*0.03", where: "$4 > right"),
      arrow(from: "left+(right-left)*0.03", by: "-(right-left)*0.03", where: "$3 < left"),
      "using ($2 < left || $2 > right ? NaN : $2):1 with points pointtype 7 pointsize 0.9 \(blue)"
        + " title \(GnuplotScript.legendTitle(legend[1]))",
    ]
    if let margin {
      script.add(
        "set object rectangle from \(-margin), graph 0 to \(margin), graph 1 behind"
          + " fillcolor rgb '#ececec' fillstyle solid 1 noborder")
      elements.append(
        "using (NaN):(NaN):(NaN) with filledcurves linecolor rgb '#ececec'"
          + " title \(GnuplotScript.legendTitle(legend[2]))")
    }
    return script.text(plotting: rows.isEmpty ? [] : elements)
  }

  private var legend: [String] {
    ["95 % interval", "estimate"] + (margin.map { ["equivalent: ±\($0)"] } ?? [])
  }

  private func arrow(from start: String, by length: String, where condition: String) -> String {
    "using (\(condition) ? \(start) : NaN):1:(\(length)):(0) with vectors head filled"
      + " size screen 0.012,22 linewidth 3 linecolor rgb '\(GnuplotScript.palette[0])' notitle"
  }
}
