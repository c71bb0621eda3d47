import Configurations
import Experiments
import MetaLearning
import TestSupport
import Testing

@Suite("Runs of older releases")
struct OlderRunsTests {
  private func resolved(_ state: String) throws -> ResolvedConfiguration {
    try ResolvedConfiguration.parse(
      yaml: "name: a\ntask: digits\nrates: { initial: { kind: checkpoint, file: a.h5\(state) } }",
      name: "configuration.yaml")
  }

  /// Release 0.1.0 started from the last state and had no key to say so.
  @Test("a checkpoint whose state a run's folder does not name is its last")
  func unnamedState() throws {
    let old = RunConfiguration(ofRun: try resolved(""))
    #expect(written(old.rates.initial) == written(CheckpointRates(file: "a.h5", state: .last)))
    #expect(
      written(RunConfiguration(ofRun: try resolved(", state: best")).rates.initial)
        == written(CheckpointRates(file: "a.h5")))
    func isOld(_ text: String) -> Bool { old.changes(since: text, in: .standard) != nil }
    // The text in that folder's checkpoints names none either, and is the same configuration.
    let text = old.canonicalJSON
    let unnamed = text.replacing(",\"state\":\"last\"", with: "")
    #expect(unnamed != text && isOld(unnamed) && isOld(text))
    #expect(!isOld(text.replacing("\"last\"", with: "\"best\"")))
    #expect(!isOld("{}") && !isOld("no configuration"))
  }
}
