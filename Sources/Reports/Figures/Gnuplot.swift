import Foundation

/// Writes figures, and draws them where gnuplot is installed.
///
/// A figure `curves` becomes `curves.csv`, `curves.gp`, `curves.svg` and `curves.png` in one
/// folder. Nothing here throws: hours of training must not end in an error because of a picture.
package enum Gnuplot {
  /// How long gnuplot may take, in seconds.
  package static let timeLimit = 30.0

  /// The gnuplot found on `PATH`, if any.
  package static var executable: String? { TimedProcess.onPath("gnuplot") }

  /// Writes the data and the script of a figure into a folder, which it creates, and draws them.
  ///
  /// Pictures of the same name from an earlier run are removed first: an old picture beside new
  /// data would lie. In the name, characters other than letters, digits and `._-` become `-`.
  package static func draw(
    _ figure: some Figure, named name: String, in folder: String,
    executable: String? = Gnuplot.executable, timeLimit: Double = Gnuplot.timeLimit
  ) -> DrawnFigure {
    let name = fileName(name)
    let base = folder + "/" + name
    func outcome(_ warning: String?, isDrawn: Bool = false) -> DrawnFigure {
      DrawnFigure(
        csv: base + ".csv", script: base + ".gp", svg: isDrawn ? base + ".svg" : nil,
        png: isDrawn ? base + ".png" : nil, warning: warning)
    }

    let files = FileManager.default
    do {
      try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for picture in [".svg", ".png"] where files.fileExists(atPath: base + picture) {
        try files.removeItem(atPath: base + picture)
      }
      try Data(figure.csv.utf8).write(to: URL(fileURLWithPath: base + ".csv"), options: .atomic)
      try Data(figure.script(named: name).utf8)
        .write(to: URL(fileURLWithPath: base + ".gp"), options: .atomic)
    } catch {
      return outcome("figure \(name) was not written to \(folder): \(error.localizedDescription)")
    }

    guard let executable else {
      return outcome(
        """
        figure \(name) was written but not drawn, as gnuplot is not on PATH; \
        run `apt-get install gnuplot-nox`, then `gnuplot \(name).gp` in \(folder)
        """)
    }
    // Without -d the user's own ~/.gnuplot would change the picture.
    let run = TimedProcess.run(
      executable, arguments: ["-d", name + ".gp"], in: folder, timeLimit: timeLimit)
    let messages = run.errors.isEmpty ? "" : ": " + run.errors
    switch run.ending {
    case .exited(0) where [".svg", ".png"].allSatisfy { isFilled(base + $0) }:
      return outcome(
        run.errors.isEmpty ? nil : "figure \(name) was drawn with a warning\(messages)",
        isDrawn: true)
    case .exited(let status):
      return outcome("figure \(name) was not drawn: gnuplot ended with \(status)\(messages)")
    case .outOfTime:
      return outcome("figure \(name) was not drawn within \(timeLimit) seconds\(messages)")
    case .notStarted(let reason):
      return outcome("figure \(name) was not drawn, as \(executable) did not start: \(reason)")
    }
  }

  private static func isFilled(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0 > 0
  }

  private static func fileName(_ name: String) -> String {
    let safe = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "-"
    }
    // Neither empty nor hidden nor an option of gnuplot.
    let start = safe.drop { $0 == "." || $0 == "-" }
    return start.isEmpty ? "figure" : String(start)
  }
}
