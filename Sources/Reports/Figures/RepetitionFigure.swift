/// Arms in rows, a dot for each repetition, and where their middle is.
///
/// In each row the first repetition is the highest, so that the same repetition of two arms is
/// found at the same height. A repetition that diverged is a triangle at the right edge.
package struct RepetitionFigure: Figure {
  /// One row.
  package struct Row: Sendable {
    /// What the row is called.
    package let name: String
    /// The dots, in the order of repetitions.
    package let values: [Double]
    /// The stroke.
    package let middle: Double
    /// The line, if there is an interval.
    package let interval: ClosedRange<Double>?

    /// A row from numbers.
    package init(name: String, values: [Double], middle: Double, interval: ClosedRange<Double>?) {
      self.name = name
      self.values = values
      self.middle = middle
      self.interval = interval
    }
  }

  /// What stands above, if anything.
  package let title: String
  /// What the values are.
  package let xLabel: String
  /// What the stroke and the line are, for the legend.
  package let middle: String
  /// The rows from top to bottom.
  package let rows: [Row]

  /// A figure of some rows.
  package init(title: String = "", xLabel: String, middle: String, rows: [Row]) {
    self.title = title
    self.xLabel = xLabel
    self.middle = middle
    self.rows = rows
  }

  /// A line for each repetition, which are numbered from 1, and one numbered 0 for the middle.
  package var csv: String {
    CSV.line(["row", "repetition", "value", "low", "high", "name"])
      + rows.enumerated().map { index, row in
        let (low, high) = (row.interval?.lowerBound, row.interval?.upperBound)
        return CSV.line(
          [String(index + 1), "0"] + [row.middle, low, high].map(CSV.number) + [row.name])
          + row.values.enumerated().map { repetition, value in
            CSV.line(
              [String(index + 1), String(repetition + 1), CSV.number(value), "", "", row.name])
          }.joined()
      }.joined()
  }

  /// Intervals at the back, then strokes, dots on top.
  package func script(named name: String) -> String {
    let values = rows.flatMap { row in
      row.values + [row.middle] + (row.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
    }
    let finite = values.filter(\.isFinite)
    let (least, greatest) = (finite.min() ?? 0, finite.max() ?? 1)
    let axis = FigureAxis(
      least > 0 && greatest > 10 * least ? .logarithmic : .linear, covering: values)
    let layout = RowLayout(rows.map(\.name))
    var script = GnuplotScript(name: name, title: title, legend: legend, height: layout.height)
    script.addHorizontal(axis, label: xLabel, room: layout.room)
    script.add(layout.commands)
    let count = rows.map(\.values.count).max() ?? 1
    script.add(
      "left = \(axis.range.lowerBound)",
      "right = \(axis.range.upperBound)",
      "inside(value) = (value < left ? left : value > right ? right : value)",
      "middle(value) = (column(2) == 0 ? value : NaN)",
      "dot(value) = (column(2) > 0 && value <= right ? value : NaN)",
      "diverged(value) = (column(2) > 0 && value > right ? right : NaN)",
      "height(row, repetition) = row + (repetition - \(Double(count + 1) / 2))"
        + " * \(min(0.1, 0.5 / Double(count)))")
    let black = "linewidth 2.5 linecolor rgb '#222222'"
    var elements = [
      "using (inside(middle($4))):1:(inside($5)-inside($4)):(0) with vectors nohead \(black)"
        + " notitle",
      "using (middle($3)):($1-0.3):(0):(0.6) with vectors nohead \(black)"
        + " title \(GnuplotScript.legendTitle(legend[0]))",
      // Half transparent, so that dots on dots are seen.
      "using (dot($3)):(height($1, $2)) with points pointtype 7 pointsize 0.9"
        + " linecolor rgb '#60\(GnuplotScript.palette[0].dropFirst())'"
        + " title \(GnuplotScript.legendTitle(legend[1]))",
    ]
    if hasDiverged {
      elements.append(
        "using (diverged($3)):(height($1, $2)) with points pointtype 9 pointsize 1.2"
          + " linecolor rgb '\(GnuplotScript.palette[1])'"
          + " title \(GnuplotScript.legendTitle(legend[2]))")
    }
    return script.text(plotting: rows.isEmpty ? [] : elements)
  }

  private var hasDiverged: Bool { rows.contains { $0.values.contains { !$0.isFinite } } }

  private var legend: [String] {
    [middle, "a repetition"] + (hasDiverged ? ["diverged"] : [])
  }
}
