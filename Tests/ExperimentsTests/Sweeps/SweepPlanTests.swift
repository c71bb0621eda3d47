import Configurations
import Experiments
import Foundation
import Settings
import TestSupport
import Testing

@Suite("Plans of sweeps")
struct SweepPlanTests {
  private let place: TestFolder
  private let file: String

  init() throws {
    place = try TestFolder()
    file = try place.configurationFile(
      """
      inner: { steps: 3, batch: 8 }
      outer: { steps: 2, tasks: 1, validation: { tasks: 1, every: 1 } }
      seed: 4
      """)
  }

  private func plan(
    _ arguments: String..., search: SweepSearch = .grid, samples: Int? = nil, seeds: Int = 1
  ) throws -> SweepPlan {
    try SweepPlan(
      path: file,
      SweepRequest(arguments: arguments, search: search, samples: samples, seeds: seeds),
      in: .standard)
  }

  private func message(
    _ arguments: String..., search: SweepSearch = .grid, samples: Int? = nil, seeds: Int = 1
  ) -> String {
    do {
      _ = try SweepPlan(
        path: file,
        SweepRequest(arguments: arguments, search: search, samples: samples, seeds: seeds),
        in: .standard)
      return "nothing was thrown"
    } catch {
      return "\(error)"
    }
  }

  @Test("a grid has every combination, the last axis fastest, each with its seeds")
  func grid() throws {
    let plan = try plan(
      "outer.optimizer.rate=[0.1, 0.2]", "inner.steps=[3, 4, 5]", "inner.batch=16", seeds: 2)
    #expect(
      plan.combinations == [
        ["0.1", "3"], ["0.1", "4"], ["0.1", "5"], ["0.2", "3"], ["0.2", "4"], ["0.2", "5"],
      ])
    #expect(plan.cells.count == 12)
    #expect(plan.cells.map(\.name).prefix(3) == ["1-s4", "1-s5", "2-s4"])
    let last = plan.cells[11].configuration
    #expect(last.inner.steps == 5 && last.inner.batch == 16 && last.outer.rate == 0.2)
    #expect(last.seed == 5 && last.task.splitSeed == 1)
    #expect(plan.text(plan.cells[11]) == "outer.optimizer.rate=0.2 inner.steps=5 seed=5")
  }

  @Test("a cell is the run of the same arguments with one value")
  func cells() throws {
    let plan = try plan(
      "inner.steps=9", "inner.optimizer=[sgd, adam]", "inner.steps=7", "inner.batch=4")
    let run = try ResolvedConfiguration.load(
      path: file,
      overrides: ["inner.optimizer=adam", "inner.steps=7", "inner.batch=4"],
      in: .standard, paths: .absolute)
    #expect(plan.cells[1].configuration == run.configuration)
  }

  @Test("a list of one value is that value, and seeds alone may be swept")
  func single() throws {
    let plan = try plan("model.hidden=[[8, 4]]", seeds: 3)
    #expect(plan.axes.isEmpty && plan.combinations == [[]] && plan.cells.count == 3)
    #expect(plan.cells[2].name == "1-s6" && plan.text(plan.cells[2]) == "seed=6")
    #expect(SettingList(plan.cells[0].configuration)["model.hidden"] == "[8, 4]")
  }

  @Test("random searches follow from the seed, and longer ones continue shorter ones")
  func random() throws {
    for search in [SweepSearch.random, .quasiRandom] {
      func drawn(_ samples: Int, _ seed: Int) throws -> [[String]] {
        try plan(
          "outer.optimizer.rate=log(0.01..1)", "inner.steps=integer(2..90)", "seed=\(seed)",
          search: search, samples: samples
        ).combinations
      }
      let eight = try drawn(8, 4)
      #expect(eight.count == 8)
      #expect(try drawn(8, 4) == eight)
      #expect(try drawn(8, 5) != eight)
      #expect(try Array(drawn(16, 4).prefix(8)) == eight || search == .random)
      for values in eight {
        #expect((0.01...1).contains(try #require(Double(values[0]))))
        #expect((2...90).contains(try #require(Int(values[1]))))
      }
    }
  }

  @Test("samples that repeat others are left out, and that is said")
  func repeats() throws {
    let plan = try plan("inner.steps=[3, 4]", search: .random, samples: 20)
    #expect(Set(plan.combinations) == [["3"], ["4"]] && plan.combinations.count == 2)
    #expect(plan.notes == ["18 of 20 samples repeat others and are left out"])
  }

  @Test("whatever cannot be computed is refused before anything is, by its argument")
  func refused() {
    func expect(_ found: String, _ expected: String) {
      #expect(found.contains(expected), "\(found)")
    }
    expect(
      message("outer.optimizer.rate=[0.1, -1]"),
      "command line: outer.optimizer.rate=-1: found -1, expected a number")
    expect(message("inner.stps=[1, 2]"), "inner.stps")
    expect(message("inner.steps=[3, 4]", "inner.steps=[5, 6]"), "found the axis twice")
    expect(message("seed=[1, 2]"), "expected --seeds")
    expect(message("task.splitSeed=[1, 2]"), "expected --seeds")
    expect(
      message("outer.optimizer.rate=log(0.1..1)"),
      "write for example log(0.1..1, 5), or --search quasiRandom --samples 20")
    expect(
      message("outer.optimizer.rate=[0.1, 0.10]"),
      "found two cells of the same settings, expected different ones")
    expect(message("inner.steps=integer(1..200, 200)", "inner.batch=integer(1..200, 200)"), "10000")
    expect(message("inner.steps=[3, 4]", "inner.batch=0"), "inner.batch=0: found 0")
    // A conflict that only one combination has names the combination.
    expect(
      message("outer.learn=[[rates], [optimizerScalars]]", "inner.optimizer=[momentum, sgd]"),
      "in the cell with outer.learn=[optimizerScalars] inner.optimizer=sgd")
  }

  @Test("what tells sweeps apart is said in the file, and read back")
  func identity() throws {
    let plan = try plan("outer.optimizer.rate=[0.1, 0.2]", "outer.schedule=[constant, cosine]")
    let folder = SweepFolder(place.path + "/sweep")
    try folder.requireSame(plan)
    try folder.begin(plan)
    #expect(try folder.identity() == plan.identity)
    try folder.requireSame(plan)
    #expect(plan.identity["axes.outer.optimizer.rate"] == "[0.1, 0.2]")
    #expect(plan.identity["base.outer.optimizer.rate"] == nil)
    #expect(plan.identity["base.inner.steps"] == "3")

    let other = try self.plan("outer.optimizer.rate=[0.1, 0.3]", "inner.steps=7")
    do {
      try folder.requireSame(other)
      Issue.record("another sweep was taken for the same")
    } catch {
      let text = "\(error)"
      #expect(error.exitCode == 2)
      #expect(text.contains("  axes.outer.optimizer.rate: [0.1, 0.2] → [0.1, 0.3]"), "\(text)")
      #expect(text.contains("  axes.outer.schedule: [constant, cosine] → —"), "\(text)")
      #expect(text.contains("  base.inner.steps: 3 → 7"), "\(text)")
    }
    try Array("]".utf8).write(to: folder.description)
    #expect(throws: RunError.damagedSweep(path: folder.description)) {
      try folder.requireSame(plan)
    }
  }

  @Test("a folder of something else is refused")
  func foreign() throws {
    let folder = SweepFolder(place.path)
    try Array("a".utf8).write(to: RunFolder(place.path).configuration)
    let plan = try plan("inner.steps=[3, 4]")
    #expect(throws: RunError.foreignResults(path: place.path, expected: "a sweep")) {
      try folder.requireSame(plan)
    }
  }
}
