import MetaLearning
import Testing

@testable import Experiments

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
    #expect(old.rates.initial == .given(source: "a.h5", state: .last))
    #expect(
      RunConfiguration(ofRun: try resolved(", state: best")).rates.initial
        == .given(source: "a.h5", state: .best))
    // The text in that folder's checkpoints names none either, and is the same configuration.
    let text = old.canonicalJSON
    let unnamed = text.replacing(",\"state\":\"last\"", with: "")
    #expect(unnamed != text && old.isThat(of: unnamed) && old.isThat(of: text))
    #expect(!old.isThat(of: text.replacing("\"last\"", with: "\"best\"")))
    #expect(!old.isThat(of: "{}") && !old.isThat(of: "no configuration"))
  }
}
