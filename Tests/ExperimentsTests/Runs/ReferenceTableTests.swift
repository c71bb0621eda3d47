import Experiments
import MetaLearning
import Testing

@Suite("References beside results")
struct ReferenceTableTests {
  private let references = [ReferenceValue("best", 2), ReferenceValue("none", 0)]

  @Test("ratios and their standard errors, which rounding is not")
  func ratios() {
    let sampled = ReferenceTable.lines(references, reached: [2, 4]).joined(separator: "\n")
    #expect(sampled.contains("objective of learned rates: 3.000, standard error 1.000"))
    let rows = sampled.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.contains(["best", "2.000", "1.500", "0.5000"]))
    #expect(rows.contains(["none", "0", "—", "—"]))
    let exact = ReferenceTable.lines(references, reached: [3, 3 * (1 + 1e-15)])
    #expect(!exact.joined().contains("standard error"))
  }

  @Test("tasks without references have no table")
  func nothing() { #expect(ReferenceTable.lines([], reached: [1]).isEmpty) }
}
