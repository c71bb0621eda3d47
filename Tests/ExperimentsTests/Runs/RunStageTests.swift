import Configurations
import Experiments
import Files
import Foundation
import TestSupport
import Testing

@Suite("Stages of runs")
struct RunStageTests {
  private let place: TestFolder
  private let folder: RunFolder

  init() throws {
    place = try TestFolder()
    folder = RunFolder(place.path + "/run")
  }

  private func stage(_ overrides: [String] = []) throws -> RunStage {
    try folder.stage(of: shortConfiguration(overrides: overrides), in: .standard)
  }

  @Test("a folder that is not there holds nothing; one with a configuration alone has begun")
  func begun() throws {
    #expect(try stage() == .nothing)
    try folder.begin(shortConfiguration())
    #expect(try stage() == .begun)
  }

  @Test("a folder that cannot be looked into is not taken for an empty one")
  func refused() throws {
    try folder.begin(shortConfiguration())
    try FileManager.default.removeItem(atPath: folder.configuration)
    // A link to itself: the system does not say what is there.
    try FileManager.default.createSymbolicLink(
      atPath: folder.configuration, withDestinationPath: folder.configuration)
    let error = RunError.file(FileError("examine", folder.configuration, code: ELOOP))
    #expect(throws: error) { try stage() }
    #expect(throws: error) { try folder.begin(shortConfiguration()) }
    #expect(error.exitCode == 4)
  }

  @Test("a run is finished when it has a summary, and not before")
  func finished() throws {
    try writeRun(to: folder.path, learned: [1, nil])
    guard case .finished(let summary) = try stage() else {
      Issue.record("not finished")
      return
    }
    #expect(summary.learned.objectives == [1, .infinity] && summary.initial.objectives == [2, 2])
    #expect(summary.step == 2 && summary.validation == 1)
    try Array("{".utf8).write(to: folder.summary)
    #expect(throws: RunError.damagedSummary(path: folder.summary)) { try stage() }
  }

  @Test("a summary of release 0.2.0 is read")
  func older() throws {
    try folder.begin(shortConfiguration())
    try Array(
      """
      {"test_runs": 1, "rates_of_step": 2, "verdict": "v", "learning_helped": true, "warnings": [],
       "initial": {"losses": [2], "accuracies": []}, "learned": {"losses": [1], "accuracies": []}}
      """.utf8
    ).write(to: folder.summary)
    guard case .finished(let summary) = try stage() else {
      Issue.record("not finished")
      return
    }
    #expect(summary.validation == nil && summary.outerSteps == nil)
  }

  @Test("a run that came to a number that is not finite says so")
  func notFinite() throws {
    try writeRun(to: folder.path, learned: nil)
    #expect(try stage() == .notFinite("outer step 3: the loss is inf"))
  }

  @Test("another configuration is refused with the settings that differ")
  func other() throws {
    try folder.begin(shortConfiguration(overrides: ["inner.steps=7"]))
    do {
      _ = try stage(["seed=1"])
      Issue.record("another configuration was taken for the same")
    } catch let error as RunError {
      #expect(error.exitCode == 2)
      let lines = "\(error)".split(separator: "\n")
      #expect(
        lines.count == 3 && lines[1] == "  inner.steps: 7 → 100" && lines[2] == "  seed: 0 → 1")
    }
  }

  @Test("the policy that a memory limit became is the same run")
  func limits() throws {
    try folder.begin(shortConfiguration(overrides: ["hypergradient.memory=storeAll"]))
    #expect(try stage(["hypergradient.memory=100 MB"]) == .begun)
    #expect(throws: RunError.self) { try stage(["hypergradient.memory=everyStep"]) }
  }

  @Test("results of training and of ablations are no runs")
  func others() throws {
    try folder.begin(shortConfiguration())
    try Array("{}".utf8).write(to: folder.provenance)
    #expect(throws: RunError.foreignResults(path: folder.path, expected: "a run")) { try stage() }
    try RunFolder.make(folder.checkpoints)
    #expect(try stage() == .begun)
    try RunFolder.make(folder.cells)
    #expect(throws: RunError.foreignResults(path: folder.path, expected: "a run")) { try stage() }
  }
}
