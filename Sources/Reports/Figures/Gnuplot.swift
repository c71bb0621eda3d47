import Files
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

    let (csv, script) = (Array(figure.csv.utf8), Array(figure.script(named: name).utf8))
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for picture in pictures { try AtomicFile.remove(base + picture) }
      try AtomicFile.write(csv, to: base + ".csv")
      try AtomicFile.write(script, to: base + ".gp")
    } catch {
      let reason = (error as? FileError).map { "\($0)" } ?? error.localizedDescription
      return outcome("figure \(name) was not written to \(folder): \(reason)")
    }

    guard let executable else {
      return outcome(
        """
        figure \(name) was written but not drawn, as gnuplot is not on PATH; \
        run `apt-get install gnuplot-nox`, then `gnuplot \(name).gp` in \(folder)
        """)
    }
    do {
      let messages = try draw(csv, script, named: name, for: base, executable, timeLimit)
      return outcome(
        messages.isEmpty ? nil : "figure \(name) was drawn with a warning: \(messages)",
        isDrawn: true)
    } catch {
      return outcome("figure \(name) was not drawn\(error)")
    }
  }

  private static let pictures = [".svg", ".png"]

  /// Why there is no picture, as it continues the sentence that says so.
  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Draws in a folder of its own, so that no half picture is ever beside the data.
  ///
  /// - Returns: what gnuplot said.
  private static func draw(
    _ csv: [UInt8], _ script: [UInt8], named name: String, for base: String, _ executable: String,
    _ timeLimit: Double
  ) throws(Failure) -> String {
    let files = FileManager.default
    let scratch = files.temporaryDirectory.appendingPathComponent("metarate-\(UUID().uuidString)")
    defer { try? files.removeItem(at: scratch) }
    do {
      try files.createDirectory(at: scratch, withIntermediateDirectories: false)
      try Data(csv).write(to: scratch.appendingPathComponent(name + ".csv"))
      try Data(script).write(to: scratch.appendingPathComponent(name + ".gp"))
    } catch {
      throw Failure(description: ": \(error.localizedDescription)")
    }
    // Without -d the user's own ~/.gnuplot would change the picture.
    let run = TimedProcess.run(
      executable, arguments: ["-d", name + ".gp"], in: scratch.path, timeLimit: timeLimit)
    let messages = run.errors.isEmpty ? "" : ": " + run.errors
    switch run.ending {
    case .exited(0): break
    case .exited(let status):
      throw Failure(description: ": gnuplot ended with \(status)\(messages)")
    case .outOfTime: throw Failure(description: " within \(timeLimit) seconds\(messages)")
    case .notStarted(let reason):
      throw Failure(description: ", as \(executable) did not start: \(reason)")
    }
    do throws(FileError) {
      for picture in pictures {
        let bytes = try RegularFile.read(scratch.path + "/" + name + picture, limit: 1 << 28)
        guard !bytes.isEmpty else {
          throw FileError("use", name + picture, reason: "it is empty\(messages)")
        }
        try AtomicFile.write(bytes, to: base + picture)
      }
    } catch {
      throw Failure(description: ": \(error)")
    }
    return run.errors
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
