/// The text of a gnuplot script: the look that all figures share, and what one adds to it.
///
/// Text of the user stands in single quotes, where gnuplot expands nothing, and is drawn with
/// `noenhanced`, so that `weight_1` and `{x}` look as they are written.
struct GnuplotScript: Sendable {
  /// Colors that the color-blind tell apart (Okabe and Ito 2008), the pale yellow left out.
  static let palette = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
  ]
  /// The color of a series, counted from 1.
  static func color(_ number: Int) -> String { palette[(number - 1) % palette.count] }

  /// The line of a series, counted from 1; beyond the palette, colors return with dashes.
  static func stroke(_ number: Int) -> String {
    let round = (number - 1) / palette.count
    let dash = ["", " dashtype (9,4)", " dashtype (3,3)"][min(round, 2)]
    return "linewidth 2.4 linecolor rgb '\(color(number))'\(dash)"
  }

  /// The width of every figure.
  static let width = 900
  /// The usual height.
  static let height = 560

  private let name: String
  private let height: Int
  private var lines: [String] = []

  /// A script that draws `<name>.csv`.
  ///
  /// The title, if any, and the legend stand above the picture, flush left; room for them is
  /// reckoned here, as gnuplot lets a wide legend run out of the page. A legend of more than three
  /// rows makes the figure higher, and so does a second line of the title, which is small: there is
  /// room to say of which runs the picture is.
  init(name: String, title: String, legend: [String], height: Int = Self.height) {
    self.name = name
    let longest = Double(legend.map { TextWidth.of(Self.entry($0)) }.max() ?? 0)
    let columnWidth = Self.characterWidth * longest + 86
    let columns = max(1, min(legend.count, Int(Double(Self.width - 30) / columnWidth)))
    let rows = max(1, (legend.count + columns - 1) / columns)
    let said = title.split(separator: "\n", maxSplits: 1).map(String.init)
    self.height = height + 27 * max(0, rows - 3) + (said.count > 1 ? 26 : 0)
    let titleHeight = [0, 32, 58][said.count]
    let legendHeight = legend.isEmpty ? 0 : rows * 27
    lines = [
      "# Draws \(name).csv; run `gnuplot \(name).gp` in this folder.",
      "set encoding utf8",
      "set datafile separator ','",
      "set border 3 linecolor rgb '#666666' linewidth 1",
      "set tics nomirror out scale 0.6 textcolor rgb '#222222'",
      "set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'",
      "set key at screen 0.015, screen \(fromTop(12 + titleHeight)) left top vertical"
        // Of horizontal legends gnuplot decides the columns itself, by the width of the picture.
        + " maxrows \(rows) Left reverse noenhanced samplen 2.2"
        // Its idea of a character is a fifth too wide.
        + " width \((21 - 2 * longest).rounded() / 10) textcolor rgb '#222222'",
      "set tmargin at screen \(fromTop(24 + titleHeight + legendHeight))",
      "set rmargin at screen 0.952",
    ]
    for (index, line) in said.enumerated() {
      let text = Self.quoted(TextWidth.shortened(line, to: index == 0 ? 70 : 100))
      let look = index == 0 ? "font ',22'" : "font ',16' textcolor rgb '#555555'"
      add(
        "set label \(text) at screen 0.02, screen \(fromTop(24 + 27 * index)) left noenhanced \(look)"
      )
    }
  }

  /// Adds commands, a line each.
  mutating func add(_ commands: String...) { lines += commands }

  /// Adds commands, a line each.
  mutating func add(_ commands: [String]) { lines += commands }

  /// Adds the axis `x` with its label, broken into lines that fit `room` pixels.
  mutating func addHorizontal(_ axis: FigureAxis, label: String, room: Int) {
    let room = Int(Double(room) / Self.characterWidth)
    lines += axis.commands(for: "x", room: room)
    let rows = TextWidth.wrapped(label, to: max(12, room)).map(Self.quoted)
    if !rows.isEmpty { add("set xlabel \(rows.joined(separator: ".\"\\n\".")) noenhanced") }
  }

  /// Adds the axis `y` with its label, which loses its middle where it is too long for the height.
  mutating func addVertical(_ axis: FigureAxis, label: String) {
    lines += axis.commands(for: "y", room: .max)
    let text = TextWidth.shortened(label, to: 44)
    if !label.isEmpty { add("set ylabel \(Self.quoted(text)) noenhanced") }
  }

  /// The whole script, which plots the elements over each other in this order.
  ///
  /// An element goes on after the name of the data, such as `using 1:2 with lines`.
  func text(plotting elements: [String]) -> String {
    let data = Self.quoted(name + ".csv")
    let plots = elements.enumerated().map { index, element in
      (index == 0 ? "plot \(data) skip 1 " : "     '' skip 1 ") + element
    }
    // Without data there is a frame that says so, and no error.
    let nothing = "set label 'no data' at graph 0.5, graph 0.5 center\nplot NaN notitle"
    let plot = plots.isEmpty ? nothing : plots.joined(separator: ", \\\n")
    let size = "size \(Self.width),\(height) enhanced font 'sans-serif,18' background rgb '#ffffff'"
    return
      (lines + [
        "",
        "set terminal svg \(size)",
        "set output \(Self.quoted(name + ".svg"))",
        plot,
        "",
        // Fonts here are in points and points smaller: the factors make both pictures alike.
        "set terminal pngcairo \(size) fontscale 0.75 pointscale 1.5",
        "set output \(Self.quoted(name + ".png"))",
        "replot",
        "set output",
      ]).joined(separator: "\n") + "\n"
  }

  /// A string constant in which nothing is special, on one line.
  static func quoted(_ text: String) -> String {
    let visible = text.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      // A line break ends the command, and XML knows no control characters.
      case .control, .lineSeparator, .paragraphSeparator: " "
      default: scalar == "'" ? "''" : String(scalar)
      }
    }
    return "'" + visible.joined() + "'"
  }

  /// A name as the legend shows it, as a string constant.
  static func legendTitle(_ name: String) -> String { quoted(entry(name)) }

  private static func entry(_ name: String) -> String { TextWidth.shortened(name, to: 72) }

  /// The width of a character of the font in pixels, on the safe side of the average.
  static let characterWidth = 9.4

  /// A height counted from the top in pixels, as gnuplot counts it: a share, from the bottom.
  private func fromTop(_ pixels: Int) -> Double {
    (10_000 * (1 - Double(pixels) / Double(height))).rounded() / 10_000
  }
}
