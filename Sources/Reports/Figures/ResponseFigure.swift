/// What came out over what was set: a point for each seed, a line or points through their means,
/// the best of them ringed. What diverged stands as a triangle at the upper edge.
package struct ResponseFigure: Figure {
  /// Where the settings stand.
  package enum Positions: Sendable, Equatable {
    /// Numbers, by their logarithms if so.
    case numbers(isLogarithmic: Bool)
    /// Words, which stand at 1, 2, …
    case words([String])
  }

  /// What came out of one setting.
  package struct Point: Sendable {
    /// The number, or that of the word counted from 1.
    package let position: Double
    /// What came out, by seed.
    package let values: [Double]
    /// Whether it is the best of the figure.
    package let isBest: Bool

    /// The outcomes of one setting.
    package init(position: Double, values: [Double], isBest: Bool) {
      self.position = position
      self.values = values
      self.isBest = isBest
    }
  }

  /// Settings that differ in one alone.
  package struct Series: Sendable {
    /// What the legend calls it.
    package let name: String
    /// In the order in which they are joined.
    package let points: [Point]

    /// Some settings.
    package init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// What stands above, if anything.
  package let title: String
  /// What was set.
  package let xLabel: String
  /// What came out.
  package let yLabel: String
  /// Where the settings stand.
  package let positions: Positions
  /// Whether the means of a series are joined by a line.
  package let isJoined: Bool
  /// What the ring means, for the legend.
  package let best: String
  /// The series.
  package let series: [Series]

  /// A figure of some outcomes.
  package init(
    title: String = "", xLabel: String, yLabel: String, positions: Positions, isJoined: Bool,
    best: String, series: [Series]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.positions = positions
    self.isJoined = isJoined
    self.best = best
    self.series = series
  }

  /// What a line of the data is, by number.
  private enum Role: Int { case seed = 1, mean, diverged, best }

  private struct Line {
    let series: Int
    let role: Role
    let position: Double
    let value: Double
  }

  /// Role by role, so that nothing lies between the points of a line.
  private var lines: [Line] {
    series.enumerated().flatMap { index, series in
      func lines(_ role: Role, _ values: (Point, Summary) -> [Double]) -> [Line] {
        series.points.flatMap { point in
          values(point, Summary(point.values)).map {
            Line(series: index + 1, role: role, position: point.position, value: $0)
          }
        }
      }
      // A mean of one is its seed.
      return lines(.seed) { point, _ in
        point.values.count > 1 ? point.values.filter(\.isFinite) : []
      }
        + lines(.mean) { _, summary in [summary.divergedCount == 0 ? summary.mean : .nan] }
        + lines(.diverged) { _, summary in summary.divergedCount == 0 ? [] : [.nan] }
        + lines(.best) { point, summary in point.isBest ? [summary.mean] : [] }
    }
  }

  /// A line for each thing that is drawn: of role 1 a seed, 2 a mean, 3 a setting of which seeds
  /// diverged, 4 the best.
  package var csv: String {
    CSV.line(["series", "role", "x", "value", "name"])
      + lines.map {
        CSV.line([
          "\($0.series)", "\($0.role.rawValue)", CSV.number($0.position), CSV.number($0.value),
          series[$0.series - 1].name,
        ])
      }.joined()
  }

  /// Seeds at the back, then means, then what is to be noticed.
  package func script(named name: String) -> String {
    let lines = lines
    let values = lines.map(\.value).filter(\.isFinite)
    let isSteep = (values.min() ?? 0) > 0 && (values.max() ?? 0) > 20 * (values.min() ?? 0)
    let vertical = FigureAxis(
      isSteep ? .logarithmic : .linear, covering: values, air: isSteep ? .around : .aboveZero)
    func has(_ role: Role) -> Bool { lines.contains { $0.role == role } }
    let notes =
      (has(.seed) ? ["seeds"] : []) + (has(.diverged) ? ["diverged"] : [])
      + (has(.best) ? [best] : [])
    var script = GnuplotScript(name: name, title: title, legend: names + notes)
    addPositions(to: &script, lines.map(\.position))
    script.addVertical(vertical, label: yLabel)
    script.add(
      "of(number, role, value) = (column(1) == number && column(2) == role ? value : NaN)",
      "top = \(vertical.range.upperBound)")
    let numbers = Array(series.indices.map { $0 + 1 }.reversed())
    func points(_ number: Int, _ role: Role, _ height: String, _ style: String) -> String {
      "using (of(\(number), \(role.rawValue), $3)):(of(\(number), \(role.rawValue), \(height)))"
        + " with points \(style) notitle"
    }
    let seeds = numbers.map {
      points(
        // Half transparent.
        $0, .seed, "$4",
        "pointtype 7 pointsize 0.45 linecolor rgb '#80\(GnuplotScript.color($0).dropFirst())'")
    }
    let means = numbers.map {
      points(
        $0, .mean, "$4", "pointtype 7 pointsize 0.8 linecolor rgb '\(GnuplotScript.color($0))'")
    }
    let joined =
      isJoined
      ? numbers.map {
        "using (of(\($0), \(Role.mean.rawValue), $3)):4 with lines \(GnuplotScript.stroke($0)) notitle"
      } : []
    let marks =
      numbers.map {
        points(
          $0, .diverged, "top",
          "pointtype 9 pointsize 1.1 linecolor rgb '\(GnuplotScript.color($0))'")
      }
      + numbers.map {
        points($0, .best, "$4", "pointtype 6 pointsize 1.9 linewidth 2 linecolor rgb '#000000'")
      }
    var legend = names.enumerated().map { index, name in
      "using (NaN):(NaN) with \(isJoined ? "linespoints" : "points") pointtype 7"
        + " pointsize 0.8 \(GnuplotScript.stroke(index + 1)) title \(GnuplotScript.legendTitle(name))"
    }
    func entry(_ style: String, _ title: String) {
      legend.append(
        "using (NaN):(NaN) with points \(style) title \(GnuplotScript.legendTitle(title))")
    }
    if has(.seed) {
      entry("pointtype 7 pointsize 0.45 linecolor rgb '#999999'", "seeds")
    }
    if has(.diverged) {
      entry("pointtype 9 pointsize 1.1 linecolor rgb '#444444'", "diverged")
    }
    if has(.best) {
      entry("pointtype 6 pointsize 1.9 linewidth 2 linecolor rgb '#000000'", best)
    }
    return script.text(plotting: lines.isEmpty ? [] : seeds + joined + means + marks + legend)
  }

  /// Names for the legend, where there is more than one.
  private var names: [String] { series.count > 1 ? series.map(\.name) : [] }

  private func addPositions(to script: inout GnuplotScript, _ positions: [Double]) {
    let room = GnuplotScript.width - 100
    switch self.positions {
    case .numbers(let isLogarithmic):
      script.addHorizontal(
        FigureAxis(isLogarithmic ? .logarithmic : .linear, covering: positions), label: xLabel,
        room: room)
    case .words(let words):
      let each = max(4, room / max(1, words.count) / Int(GnuplotScript.characterWidth))
      let marks = words.enumerated().map {
        "\(GnuplotScript.quoted(TextWidth.shortened($1, to: each))) \($0 + 1)"
      }
      script.add(
        "set xrange [0.5:\(words.count).5]",
        "set xtics (\(marks.joined(separator: ", "))) noenhanced",
        "set xlabel \(GnuplotScript.quoted(TextWidth.shortened(xLabel, to: 70))) noenhanced")
    }
  }
}
