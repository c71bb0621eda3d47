import Experiments
import Settings
import TestSupport
import Testing

@Suite("Differences of checkpoints")
struct CheckpointDifferenceTests {
  private let place: TestFolder

  init() throws { place = try TestFolder() }

  /// A short run, whose learning moves next to nothing.
  private func run(_ name: String, _ overrides: [String]) throws -> String {
    let configuration = try shortConfiguration(
      overrides: [
        "model.hidden=[4]", "inner.steps=2", "inner.batch=8", "outer.steps=1", "outer.tasks=1",
        "outer.optimizer.rate=1e-9", "outer.validation.tasks=1", "testRuns=2",
      ] + overrides)
    let folder = RunFolder("\(place.path)/\(name)")
    var silence = Silence()
    _ = try TrainingRun(
      beginning: configuration, in: folder, interruption: Interruption(maximumSeconds: nil),
      command: ["test"], laboratory: .standard)(&silence)
    return try NamedCheckpoints.best(of: folder.path)[0]
  }

  @Test("settings come first, then by how much rates differ")
  func settings() throws {
    let first = try run("a", [])
    let second = try run("b", ["rates.initial.rate=0.25", "outer.initialWeights=fixed"])
    let text = try CheckpointDifference(first, second, in: .standard).text
    #expect(text.contains("rates.initial.rate    0.1    0.25"), "\(text)")
    #expect(text.contains("all                   310  0.0 %  2.500  2.500  2.500"), "\(text)")
    #expect(text.contains("B alone has initial weights that its runs share"))
    let same = try CheckpointDifference(second, second, in: .standard).text
    #expect(same.contains("All settings are the same."))
    #expect(same.contains("all                   310  100.0 %  1.000  1.000  1.000"), "\(same)")
    #expect(same.contains("000_dense/weight"), "\(same)")
  }

  @Test("tensors of other shapes are named and not compared")
  func shapes() throws {
    let first = try run("a", [])
    let second = try run("b", ["model.hidden=[5]"])
    let text = try CheckpointDifference(first, second, in: .standard).text
    #expect(text.contains("000_dense/weight: [64, 4] in A, [64, 5] in B"), "\(text)")
    #expect(text.contains("all                  10"), "\(text)")
  }
}
