import Experiments
import Testing

@Suite("Verdicts of ablations in words")
struct AblationVerdictTests {
  private let head = "| paired difference | test loss | verdict |\n| - | - | - |\n"

  @Test("arms are sorted by the word that the last one has beside them")
  func sorted() {
    let verdict = AblationVerdict(
      markdown: "| rates | test loss |\n| - | - |\n| a | 1 |\n\n" + head
        + "| c, x − a | −1 | lower |\n| c, x − b | 1 | undecided |\n| c, x − d | −2 | lower |\n")
    #expect(
      verdict.sentences == ["c, x has a test loss lower than a; d, and undecided beside b."])
  }

  @Test("many that are not told apart are counted where others are named")
  func many() {
    let rows = ["p", "q", "r", "s", "t"].map { "| z − \($0) | 1 | undecided |\n" }.joined()
    let verdict = AblationVerdict(markdown: head + rows + "| z − a | 1 | higher |\n")
    #expect(
      verdict.sentences == ["z has a test loss higher than a, and undecided beside the other 5."])
    #expect(
      AblationVerdict(markdown: head + rows).sentences
        == ["z has a test loss undecided beside p; q; r; s; t."])
  }

  @Test("each horizon has a sentence of its own, and no table none")
  func horizons() {
    let verdict = AblationVerdict(
      markdown: "## Test runs of 5 steps\n" + head + "| b − a | 1 | higher |\n\n"
        + "## Test runs of 7 steps\n" + head + "| b − a | 0 | equal |\n")
    #expect(
      verdict.sentences == [
        "Test runs of 5 steps: b has a test loss higher than a.",
        "Test runs of 7 steps: b has a test loss equal to a.",
      ])
    #expect(AblationVerdict(markdown: "nothing").sentences.isEmpty)
  }
}
