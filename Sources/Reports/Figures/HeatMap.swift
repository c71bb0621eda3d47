/// Numbers of a matrix as colors.
package struct HeatMap: Figure {
  /// Which colors numbers have.
  package enum Coloring: Sendable {
    /// Positive numbers on a logarithmic scale, from dark to light (viridis; Smith and van der Walt
    /// 2015).
    case logarithmic
    /// Numbers of both signs, white at 0.
    case diverging
  }

  /// What stands above, if anything.
  package let title: String
  /// What columns and rows are.
  package let (xLabel, yLabel): (String, String)
  /// What the numbers are.
  package let valueLabel: String
  /// Which colors they have.
  package let coloring: Coloring
  /// Rows from top to bottom; a number that has no color leaves its place empty.
  package let rows: [[Double]]

  /// A picture of some numbers.
  package init(
    title: String = "", xLabel: String, yLabel: String, valueLabel: String,
    coloring: Coloring = .logarithmic, rows: [[Double]]
  ) {
    (self.title, self.coloring) = (title, coloring)
    (self.xLabel, self.yLabel, self.valueLabel, self.rows) = (xLabel, yLabel, valueLabel, rows)
  }

  /// A line for each number.
  package var csv: String {
    CSV.line(["column", "row", "value"])
      + rows.enumerated().flatMap { row, values in
        values.enumerated().map { column, value in
          CSV.line(["\(column)", "\(row)", isShown(value) ? CSV.number(value) : "nan"])
        }
      }.joined()
  }

  private func isShown(_ value: Double) -> Bool {
    value.isFinite && (coloring == .diverging || value > 0)
  }

  private var palette: String {
    switch coloring {
    case .logarithmic:
      "(0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962',"
        + " 7 '#addc30', 8 '#fde725')"
    case .diverging: "(-1 '#003f6b', -0.5 '#4f9bcb', 0 '#ffffff', 0.5 '#e5884a', 1 '#8a3500')"
    }
  }

  /// Squares in colors.
  package func script(named name: String) -> String {
    let columns = rows.map(\.count).max() ?? 0
    // Squares, where that leaves a picture that is neither flat nor taller than a page.
    let height = min(max(190 + 690 * rows.count / max(1, columns), 320), 1100)
    var script = GnuplotScript(name: name, title: title, legend: [], height: height)
    let values = rows.joined().filter(isShown)
    let reach = values.reduce(0) { max($0, abs($1)) }
    let axis =
      coloring == .logarithmic
      ? FigureAxis(.logarithmic, covering: values, air: .none)
      : FigureAxis(.linear, covering: [-reach, reach], air: .none)
    script.add("unset grid", "set palette defined \(palette)")
    script.add(axis.commands(for: "cb", room: .max))
    script.add(
      "set cblabel \(GnuplotScript.quoted(valueLabel)) noenhanced",
      "set rmargin at screen 0.83",
      "set xrange [-0.5:\(Double(columns) - 0.5)]",
      "set yrange [\(Double(rows.count) - 0.5):-0.5]",
      "set xlabel \(GnuplotScript.quoted(xLabel)) noenhanced",
      "set ylabel \(GnuplotScript.quoted(yLabel)) noenhanced")
    return script.text(
      plotting: values.isEmpty ? [] : ["using 1:2:3 with image pixels notitle"])
  }
}
