/// Where things stand in a figure with a row for each name, the first at the top.
struct RowLayout: Sendable {
  /// The labels at the left; a long name loses its middle, and stands in the CSV in full.
  let labels: [String]

  /// A layout for names.
  init(_ names: [String]) {
    labels = names.map { TextWidth.shortened($0, to: 44) }
  }

  /// The height of the figure in pixels.
  var height: Int { min(max(170 + 34 * labels.count, 320), 4000) }

  /// The width between the labels and the right edge in pixels.
  var room: Int { GnuplotScript.width - margin - 43 }

  /// The commands that make the y axis one of rows.
  var commands: [String] {
    let marks = labels.enumerated().map { "\(GnuplotScript.quoted($1)) \($0 + 1)" }
    // Few rows keep the thickness they have among four.
    let air = Double(max(0, 4 - labels.count)) / 2
    let share = Double(margin) / Double(GnuplotScript.width)
    return [
      "set yrange [\(Double(labels.count) + 0.6 + air):\(0.4 - air)]",
      labels.isEmpty
        ? "unset ytics" : "set ytics (\(marks.joined(separator: ", "))) noenhanced scale 0",
      "set grid noytics",
      // Left to itself gnuplot takes a quarter more for the labels than they need.
      "set lmargin at screen \((share * 10_000).rounded() / 10_000)",
    ]
  }

  /// The width left of the axis in pixels.
  private var margin: Int {
    let longest = labels.map { TextWidth.of($0) }.max() ?? 0
    // Names are lower case throughout: a little wider than the average of text.
    return max(60, 34 + Int(1.07 * GnuplotScript.characterWidth * Double(longest)))
  }
}
