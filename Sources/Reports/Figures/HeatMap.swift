/// Positive numbers of a matrix as colors on a logarithmic scale.
package struct HeatMap: Figure {
  /// What stands above, if anything.
  package let title: String
  /// What columns and rows are.
  package let (xLabel, yLabel): (String, String)
  /// What the numbers are.
  package let valueLabel: String
  /// Rows from top to bottom; a number that is not above 0 leaves its place empty.
  package let rows: [[Double]]

  /// A picture of some numbers.
  package init(
    title: String = "", xLabel: String, yLabel: String, valueLabel: String, rows: [[Double]]
  ) {
    self.title = title
    (self.xLabel, self.yLabel, self.valueLabel, self.rows) = (xLabel, yLabel, valueLabel, rows)
  }

  /// A line for each number.
  package var csv: String {
    CSV.line(["column", "row", "value"])
      + rows.enumerated().flatMap { row, values in
        values.enumerated().map { column, value in
          CSV.line([
            "\(column)", "\(row)", value > 0 && value.isFinite ? CSV.number(value) : "nan",
          ])
        }
      }.joined()
  }

  /// Squares in colors that are told apart by their lightness too (viridis; Smith and van der Walt
  /// 2015).
  package func script(named name: String) -> String {
    let columns = rows.map(\.count).max() ?? 0
    // Squares, where that leaves a picture that is neither flat nor taller than a page.
    let height = min(max(190 + 690 * rows.count / max(1, columns), 320), 1100)
    var script = GnuplotScript(name: name, title: title, legend: [], height: height)
    let values = rows.joined().filter { $0 > 0 && $0.isFinite }
    let axis = FigureAxis(.logarithmic, covering: Array(values), air: .none)
    script.add(
      "unset grid",
      "set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c',"
        + " 5 '#28ae80', 6 '#5ec962', 7 '#addc30', 8 '#fde725')")
    script.add(axis.commands(for: "cb", room: .max))
    script.add(
      "set cblabel \(GnuplotScript.quoted(valueLabel)) noenhanced",
      "set rmargin at screen 0.86",
      "set xrange [-0.5:\(Double(columns) - 0.5)]",
      "set yrange [\(Double(rows.count) - 0.5):-0.5]",
      "set xlabel \(GnuplotScript.quoted(xLabel)) noenhanced",
      "set ylabel \(GnuplotScript.quoted(yLabel)) noenhanced")
    return script.text(
      plotting: values.isEmpty ? [] : ["using 1:2:3 with image pixels notitle"])
  }
}
