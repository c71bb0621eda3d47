import Configurations
import Experiments
import Foundation
import MetaLearning
import Settings
import TestSupport
import Testing

@Suite("Sweeps")
struct SweepTests {
  private let place: TestFolder
  private let file: String

  init() throws {
    place = try TestFolder()
    file = try place.configurationFile(
      """
      model: { kind: mlp, hidden: [] }
      inner: { steps: 3, batch: 8 }
      rates: { granularity: layer }
      outer: { steps: 2, tasks: 1, validation: { tasks: 1, every: 1 } }
      testRuns: 2
      """)
  }

  private func sweep(_ arguments: [String], seeds: Int = 1, in name: String) throws -> Sweep {
    let plan = try SweepPlan(
      path: file, SweepRequest(arguments: arguments, seeds: seeds), in: .standard)
    return try Sweep(
      plan, in: SweepFolder("\(place.path)/\(name)"),
      interruption: Interruption(maximumSeconds: nil), command: ["test"], laboratory: .standard)
  }

  /// Runs a sweep and gives what it told.
  private func run(_ sweep: Sweep) throws -> (result: SweepResult, notes: [String]) {
    var notes: [String] = []
    let result = try sweep(note: { notes.append($0) }, observer: { _ in Silence() })
    return (result, notes)
  }

  /// A table without the seconds that cells took.
  private func withoutSeconds(_ csv: String) -> [String] {
    csv.split(separator: "\n").map { $0.split(separator: ",").dropLast().joined(separator: ",") }
  }

  @Test("what is missing is computed, and comes out the same")
  func goesOn() throws {
    let axes = ["rates.initial.rate=[0.1, 0.3]"]
    let (whole, notes) = try run(try sweep(axes, seeds: 2, in: "s"))
    #expect(notes.count == 4 && notes[0].hasPrefix("cell 1/4 (rates.initial.rate=0.1 seed=0): "))
    #expect(whole.rows.map(\.values) == [["0.1"], ["0.3"]])
    #expect(whole.rows.allSatisfy { $0.loss.interval != nil })
    #expect(whole.best != nil && whole.text.contains("← best by validation"))

    let files = FileManager.default
    try files.removeItem(atPath: "\(whole.folder.cells)/2-s0")
    let again = try sweep(axes, seeds: 2, in: "s")
    #expect(again.doneCount == 3)
    let (same, fewer) = try run(again)
    #expect(fewer.count == 1 && fewer[0].hasPrefix("cell 4/4 (rates.initial.rate=0.3 seed=0): "))
    #expect(withoutSeconds(same.csv) == withoutSeconds(whole.csv))
    #expect(try sweep(axes, seeds: 2, in: "s").doneCount == 4)
    #expect(throws: RunError.self) { try sweep(axes, seeds: 3, in: "s") }
  }

  @Test("a cell is the run that the command run makes")
  func cells() throws {
    let (result, _) = try run(try sweep(["rates.initial.rate=[0.1, 0.3]"], in: "s"))
    let folder = RunFolder("\(place.path)/alone")
    let configuration = try ResolvedConfiguration.load(
      path: file, overrides: ["rates.initial.rate=0.3"], in: .standard, paths: .absolute
    ).configuration
    var silence = Silence()
    _ = try TrainingRun(
      beginning: configuration, in: folder, interruption: Interruption(maximumSeconds: nil),
      command: ["test"], laboratory: .standard)(&silence)
    #expect(try RunSummary(of: folder) == result.rows[1].records[0].summary)
  }

  @Test("a cell that is not finite is the worst, stays done, and the sweep goes on")
  func divergence() throws {
    let axes = ["inner.optimizer=[sgd]", "rates.initial.rate=[3e38, 0.1]"]
    let (result, notes) = try run(try sweep(axes, in: "s"))
    #expect(notes.count == 2 && notes[0].contains("diverged: outer step 1"), "\(notes)")
    #expect(result.best == 1)
    #expect(result.rows[0].loss.text == "diverged 1 of 1")
    #expect(result.text.contains("1 of 2 cells came to numbers that are not finite"))
    #expect(result.csv.contains(",diverged,inf,,,inf,"))
    #expect(try sweep(axes, in: "s").doneCount == 2)
    let schedule = try SweepSchedule(try sweep(axes, in: "s"), in: .standard)
    #expect(schedule.text.contains("2 done, 0 begun"), "\(schedule.text)")
  }

  @Test("the plan says what everything costs, and writes nothing")
  func schedule() throws {
    let sweep = try sweep(["inner.steps=[3, 6]"], seeds: 2, in: "s")
    let text = try SweepSchedule(sweep, in: .standard).text
    #expect(text.contains("4 cells: 2 combinations × 2 seeds; 0 done, 0 begun"), "\(text)")
    #expect(!FileManager.default.fileExists(atPath: sweep.folder.path))
  }

  @Test("figures: lines over a grid of two axes at most, else a cloud for each axis")
  func figures() throws {
    let (one, _) = try run(try sweep(["rates.initial.rate=[0.1, 0.3]"], seeds: 2, in: "one"))
    let figure = try #require(SweepFigures.figures(one).first)
    #expect(figure.name == "validation" && figure.figure.isJoined)
    #expect(figure.figure.series.map { $0.points.map(\.values.count) } == [[2, 2]])
    #expect(figure.figure.series[0].points.map(\.isBest).filter(\.self).count == 1)

    let (two, _) = try run(
      try sweep(["inner.optimizer=[sgd, adam]", "rates.initial.rate=[0.3, 0.1]"], in: "two"))
    let lines = try #require(SweepFigures.figures(two).first).figure
    #expect(lines.xLabel == "rates.initial.rate")
    #expect(lines.series.map(\.name) == ["inner.optimizer sgd", "inner.optimizer adam"])
    #expect(lines.series[0].points.map(\.position) == [0.1, 0.3] && lines.isJoined)

    let (words, _) = try run(try sweep(["inner.optimizer=[sgd, adam]"], in: "words"))
    let points = try #require(SweepFigures.figures(words).first).figure
    #expect(points.positions == .words(["sgd", "adam"]) && !points.isJoined)
  }
}
