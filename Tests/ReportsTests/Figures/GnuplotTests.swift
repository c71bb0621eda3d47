import Foundation
import Reports
import Testing

@Suite("Drawing figures")
struct GnuplotTests {
  private static let missing: Comment = "gnuplot is not installed: apt-get install gnuplot-nox"

  private static let figures: [any Figure] = [
    LearningCurves(
      title: "it's `touch pwned` <b>&amp; {/Bold x}_1 \\", xLabel: "x'\\", yLabel: "y",
      band: "band",
      series: [
        .init(
          name: "a,\"b\" '<c>'", x: [1, 2], middle: [3, 4], low: [2, 3], high: [4, .infinity]),
        .init(name: "point", x: [1], middle: [3]),
      ]),
    LearningCurves(xLabel: "", yLabel: "", isLogarithmic: true, series: []),
    LearningCurves(
      xLabel: "x", yLabel: "y", isLogarithmic: true,
      series: [.init(name: "nan", x: [1, 2], middle: [.nan, .infinity])]),
    LearningCurves(
      xLabel: "x", yLabel: "y", series: [.init(name: "huge", x: [0, 1], middle: [-1e308, 1e308])]),
    RatesByLayer(tensors: [.init(name: "w", rates: [0.1, 0.3], initialRate: 0.2)]),
    RatesByLayer(tensors: [.init(name: "w", rates: [-1, 1e-5, 3], initialRate: nil)]),
    RatesByLayer(tensors: [.init(name: "w", rates: [0, 0], initialRate: 0)]),
    RatesByLayer(tensors: []),
    IntervalFigure(
      title: "t", xLabel: "d", margin: 0.1,
      rows: [
        .init(name: "all", estimate: .infinity, interval: -.infinity ... .infinity),
        .init(name: "zero", estimate: 0, interval: 0...0),
      ]),
    IntervalFigure(xLabel: "d", rows: []),
    RepetitionFigure(
      title: "t", xLabel: "loss", middle: "middle",
      rows: [
        .init(name: "a'b", values: [1, 2, .infinity], middle: 2, interval: 0.5...3),
        .init(name: "diverged", values: [.infinity], middle: .infinity, interval: nil),
      ]),
    RepetitionFigure(
      xLabel: "loss", middle: "m",
      rows: [.init(name: "wide", values: [0.01, 1], middle: 0.5, interval: -1...2)]),
    RepetitionFigure(xLabel: "", middle: "", rows: []),
    LearningCurves(
      xLabel: "τ", yLabel: "share", isXLogarithmic: true, band: "band",
      series: [
        .init(
          name: "a", x: [0.1, 1, 10], middle: [0, 0.5, 1], low: [.nan, 0.3, .nan],
          high: [.nan, 0.7, .nan])
      ]),
  ]

  @Test(
    "every figure becomes four files without a warning",
    .enabled(if: Gnuplot.executable != nil, missing), arguments: figures.indices)
  func draws(index: Int) throws {
    try inTemporaryFolder { folder in
      let drawn = Gnuplot.draw(Self.figures[index], named: "figure", in: folder)
      #expect(drawn.warning == nil)
      let svg = try String(contentsOfFile: try #require(drawn.svg), encoding: .utf8)
      #expect(svg.hasPrefix("<?xml") && svg.hasSuffix("</svg>\n\n"))
      #expect(XMLScan.isBalanced(svg))
      let png = try Data(contentsOf: URL(fileURLWithPath: try #require(drawn.png)))
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(files == ["figure.csv", "figure.gp", "figure.png", "figure.svg"])
    }
  }

  @Test("the same figure draws the same SVG", .enabled(if: Gnuplot.executable != nil, missing))
  func reproducible() throws {
    try inTemporaryFolder { folder in
      let pictures = try (0..<2).map { _ in
        let drawn = Gnuplot.draw(Self.figures[4], named: "rates", in: folder)
        return try Data(contentsOf: URL(fileURLWithPath: try #require(drawn.svg)))
      }
      #expect(pictures[0] == pictures[1])
    }
  }

  @Test("without gnuplot the data and the script are there, and the warning says what to install")
  func withoutGnuplot() throws {
    try inTemporaryFolder { folder in
      // An old picture must not stand beside new data.
      try Data("old".utf8).write(to: URL(fileURLWithPath: folder + "/a-b.png"))
      let drawn = Gnuplot.draw(
        Self.figures[4], named: "a/b", in: folder, executable: nil)
      #expect(drawn.svg == nil && drawn.png == nil)
      #expect(drawn.warning?.contains("apt-get install gnuplot-nox") == true)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(files == ["a-b.csv", "a-b.gp"])
      #expect(try String(contentsOfFile: drawn.csv, encoding: .utf8) == Self.figures[4].csv)
    }
  }

  @Test("a failing gnuplot is quoted")
  func failing() throws {
    try inTemporaryFolder { folder in
      let program = try script("echo \"undefined variable: x\" >&2; exit 3", in: folder)
      let drawn = Gnuplot.draw(Self.figures[4], named: "f", in: folder, executable: program)
      #expect(
        drawn.warning == "figure f was not drawn: gnuplot ended with 3: undefined variable: x")
    }
  }

  @Test("a gnuplot that does not end is ended, even if it resists")
  func hanging() throws {
    try inTemporaryFolder { folder in
      let program = try script("trap '' TERM; while :; do sleep 0.1; done", in: folder)
      let start = ContinuousClock.now
      let drawn = Gnuplot.draw(
        Self.figures[4], named: "f", in: folder, executable: program, timeLimit: 0.3)
      #expect(drawn.warning == "figure f was not drawn within 0.3 seconds")
      #expect(ContinuousClock.now - start < .seconds(15))
    }
  }

  @Test("a program that does not start and a folder that cannot be written are warnings too")
  func unusable() throws {
    try inTemporaryFolder { folder in
      let absent = Gnuplot.draw(
        Self.figures[4], named: "f", in: folder, executable: folder + "/absent")
      #expect(absent.warning?.contains("did not start") == true)
      let unwritable = Gnuplot.draw(Self.figures[4], named: "f", in: folder + "/f.csv/sub")
      #expect(unwritable.warning?.contains("was not written") == true)
      #expect(unwritable.svg == nil)
    }
  }

  private func script(_ body: String, in folder: String) throws -> String {
    let path = folder + "/gnuplot"
    try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  private func inTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("metarate-figures-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }
}
