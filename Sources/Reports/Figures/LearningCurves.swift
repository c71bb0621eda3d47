/// Curves over steps, each with an optional band: `x`, a middle such as the median, and its reach.
///
/// ```swift
/// let figure = LearningCurves(
///   title: "", xLabel: "outer step", yLabel: "validation loss", isLogarithmic: true,
///   band: "interquartile range", series: [learned, tuned])
/// ```
/// A line breaks where its middle is not finite; a band goes on to the edge of the picture where
/// its end is infinite, and breaks where it is not a number.
package struct LearningCurves: Figure {
  /// One curve.
  package struct Series: Sendable {
    /// What the legend calls it.
    package let name: String
    /// Where the points are, ascending.
    package let x: [Double]
    /// The height of the line.
    package let middle: [Double]
    /// The lower and upper ends of the band; both empty where there is none.
    package let low: [Double]
    /// See `low`.
    package let high: [Double]

    /// A curve without a band.
    package init(name: String, x: [Double], middle: [Double]) {
      self.init(name: name, x: x, middle: middle, low: [], high: [])
    }

    /// A curve with a band.
    package init(name: String, x: [Double], middle: [Double], low: [Double], high: [Double]) {
      precondition(
        middle.count == x.count && low.count == high.count
          && (low.isEmpty || low.count == x.count),
        "the curve \(name) has \(x.count) steps, \(middle.count) values and a band of \(low.count) "
          + "to \(high.count)")
      self.name = name
      self.x = x
      self.middle = middle
      self.low = low
      self.high = high
    }
  }

  /// What stands above, if anything.
  package let title: String
  /// What the steps are.
  package let xLabel: String
  /// What the values are.
  package let yLabel: String
  /// Whether the steps are drawn by their logarithms, those not positive left out.
  package let isXLogarithmic: Bool
  /// Whether the values are drawn by their logarithms, those not positive left out.
  package let isLogarithmic: Bool
  /// What the bands show, for the legend, such as `95 % interval`.
  package let band: String
  /// The curves; the first is drawn on top.
  package let series: [Series]

  /// A figure of some curves.
  package init(
    title: String = "", xLabel: String, yLabel: String, isXLogarithmic: Bool = false,
    isLogarithmic: Bool = false, band: String = "", series: [Series]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isXLogarithmic = isXLogarithmic
    self.isLogarithmic = isLogarithmic
    self.band = band
    self.series = series
  }

  /// A line for each point of each series, which are numbered from 1.
  package var csv: String {
    var text = CSV.line(["series", "x", "middle", "low", "high", "name"])
    for (index, curve) in series.enumerated() {
      for point in curve.x.indices {
        let numbers = [
          curve.x[point], curve.middle[point], curve.low.isEmpty ? nil : curve.low[point],
          curve.high.isEmpty ? nil : curve.high[point],
        ]
        text += CSV.line([String(index + 1)] + numbers.map(CSV.number) + [curve.name])
      }
    }
    return text
  }

  /// Bands below, lines above them, the legend above the picture.
  package func script(named name: String) -> String {
    let horizontal = FigureAxis(
      isXLogarithmic ? .logarithmic : .linear, covering: series.flatMap(\.x), air: .none)
    let vertical = FigureAxis(
      isLogarithmic ? .logarithmic : .linear,
      covering: series.flatMap { $0.middle + $0.low + $0.high }, air: .aboveZero)
    let hasBand = !band.isEmpty && series.contains { !$0.low.isEmpty }
    let names = series.map(\.name) + (hasBand ? [band] : [])
    var script = GnuplotScript(name: name, title: title, legend: names)
    script.addHorizontal(horizontal, label: xLabel, room: GnuplotScript.width - 100)
    script.addVertical(vertical, label: yLabel)
    script.add(
      "of(number, value) = (column(1) == number ? value : NaN)",
      "bottom = \(vertical.range.lowerBound)",
      "top = \(vertical.range.upperBound)",
      "inside(value) = (value < bottom ? bottom : value > top ? top : value)",
      "set style fill solid 0.18 noborder")

    let numbers = Array(series.indices.map { $0 + 1 }.reversed())
    let bands = numbers.filter { !series[$0 - 1].low.isEmpty }.map { number in
      "using (of(\(number), $2)):(inside($4)):(inside($5)) with filledcurves"
        + " linecolor rgb '\(GnuplotScript.color(number))' notitle"
    }
    let lines = numbers.map { number in
      // A line through a single point would not show.
      let points = series[number - 1].middle.count { $0.isFinite }
      let style = points == 1 ? "points pointtype 7 pointsize 0.6" : "lines"
      return "using (of(\(number), $2)):3 with \(style) \(GnuplotScript.stroke(number)) notitle"
    }
    // The legend keeps the order given, though the first curve is drawn last.
    var legend = series.enumerated().map { index, curve in
      "using (NaN):(NaN) with lines \(GnuplotScript.stroke(index + 1))"
        + " title \(GnuplotScript.legendTitle(curve.name))"
    }
    if hasBand {
      legend.append(
        "using (NaN):(NaN):(NaN) with filledcurves linecolor rgb '#444444'"
          + " title \(GnuplotScript.legendTitle(band))")
    }
    let isEmpty = !series.contains { $0.middle.contains { $0.isFinite } }
    return script.text(plotting: isEmpty ? [] : bands + lines + legend)
  }
}
