/// Pairs of positive numbers as points on logarithmic axes, in series.
package struct ScatterFigure: Figure {
  /// Points of one color.
  package struct Series: Sendable {
    /// What the legend calls them.
    package let name: String
    /// The points; those of which a number is not above 0 are left out.
    package let points: [(x: Double, y: Double)]

    /// Points with a name.
    package init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points.filter { $0.x > 0 && $0.y > 0 && $0.x.isFinite && $0.y.isFinite }
    }
  }

  /// What stands above, if anything.
  package let title: String
  /// What the axes are.
  package let (xLabel, yLabel): (String, String)
  /// What is drawn, the last on top.
  package let series: [Series]

  /// A figure of some points.
  package init(title: String = "", xLabel: String, yLabel: String, series: [Series]) {
    (self.title, self.xLabel, self.yLabel, self.series) = (title, xLabel, yLabel, series)
  }

  /// A line for each point.
  package var csv: String {
    CSV.line(["series", "x", "y", "name"])
      + series.enumerated().flatMap { index, one in
        one.points.map {
          CSV.line(["\(index + 1)", CSV.number($0.x), CSV.number($0.y), one.name])
        }
      }.joined()
  }

  /// Points that let others shine through, large series at the back.
  package func script(named name: String) -> String {
    let points = series.flatMap(\.points)
    var script = GnuplotScript(name: name, title: title, legend: series.map(\.name))
    script.addHorizontal(
      FigureAxis(.logarithmic, covering: points.map(\.x)), label: xLabel,
      room: GnuplotScript.width - 100)
    script.addVertical(FigureAxis(.logarithmic, covering: points.map(\.y)), label: yLabel)
    let order = series.indices.sorted { series[$0].points.count > series[$1].points.count }
    let drawn = order.map { index in
      let color = GnuplotScript.color(index + 1).dropFirst()
      let size = series[index].points.count > 500 ? 0.3 : 0.6
      return "using (column(1) == \(index + 1) ? $2 : NaN):3 with points pointtype 7"
        + " pointsize \(size) linecolor rgb '#80\(color)' notitle"
    }
    let legend = series.indices.map { index in
      "using (NaN):(NaN) with points pointtype 7 pointsize 1"
        + " linecolor rgb '\(GnuplotScript.color(index + 1))'"
        + " title \(GnuplotScript.legendTitle(series[index].name))"
    }
    return script.text(plotting: points.isEmpty ? [] : drawn + legend)
  }
}
