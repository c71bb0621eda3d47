import Experiments
import Testing

@Suite("Verdicts of ablations in words")
struct AblationVerdictTests {
  private func tables(_ last: String, _ verdicts: [(String, String)]) -> String {
    "| rates | test loss |\n| - | - |\n" + verdicts.map { "| \($0.0) | 1 |\n" }.joined()
      + "| \(last) | 2 |\n\n| paired difference | test loss | verdict |\n| - | - | - |\n"
      + verdicts.map { "| \(last) − \($0.0) | −1 | \($0.1) |\n" }.joined() + "\n"
  }

  @Test("arms are sorted by the word that the last one has beside them")
  func sorted() {
    let verdict = AblationVerdict(
      markdown: tables("c − x", [("a", "lower"), ("b", "undecided"), ("d", "lower")]))
    #expect(
      verdict.sentences == [
        "c − x has a lower test loss than a; d, and is not told apart from b."
      ])
  }

  @Test("many that are not told apart are counted where others are named")
  func many() {
    let rest = ["p", "q", "r", "s", "t"].map { ($0, "undecided") }
    #expect(
      AblationVerdict(markdown: tables("z", rest + [("a", "higher")])).sentences
        == ["z has a higher test loss than a, and is not told apart from the other 5."])
    #expect(
      AblationVerdict(markdown: tables("z", rest)).sentences
        == ["z is not told apart from p; q; r; s; t."])
  }

  @Test("each horizon has a sentence of its own; without a verdict there is none")
  func horizons() {
    let verdict = AblationVerdict(
      markdown: "## Test runs of 5 steps\n" + tables("b", [("a", "higher, within 0.1")])
        + "## Test runs of 7 steps\n" + tables("b", [("a", "equal")]))
    #expect(
      verdict.sentences == [
        "Test runs of 5 steps: b has a higher test loss than (within 0.1) a.",
        "Test runs of 7 steps: b has a test loss equal to that of a.",
      ])
    #expect(AblationVerdict(markdown: tables("b", [("a", "—")])).sentences.isEmpty)
    #expect(AblationVerdict(markdown: "nothing").sentences.isEmpty)
  }
}
