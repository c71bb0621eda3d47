/// Where things stand in a figure with a row for each name, the first at the top.
struct RowLayout: Sendable {
  /// The labels at the left; a long name loses its middle, and stands in the CSV in full.
  let labels: [String]

  /// A layout for names.
  init(_ names: [String]) {
    labels = names.map { TextWidth.shortened($0, to: 40) }
  }

  /// The height of the figure in pixels.
  var height: Int { min(max(170 + 34 * labels.count, 320), 4000) }

  /// The width between the labels and the right edge in pixels, about.
  var room: Int {
    GnuplotScript.width - 60 - 9 * (labels.map { TextWidth.of($0) }.max() ?? 0)
  }

  /// The commands that make the y axis one of rows.
  var commands: [String] {
    let marks = labels.enumerated().map { "\(GnuplotScript.quoted($1)) \($0 + 1)" }
    // Few rows keep the thickness they have among four.
    let air = Double(max(0, 4 - labels.count)) / 2
    return [
      "set yrange [\(Double(labels.count) + 0.6 + air):\(0.4 - air)]",
      "set ytics (\(marks.joined(separator: ", "))) noenhanced scale 0",
      "set grid noytics",
    ]
  }
}
