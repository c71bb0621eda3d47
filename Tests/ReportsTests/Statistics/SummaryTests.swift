import Reports
import Testing

@Suite("Summaries of scores")
struct SummaryTests {
  @Test("a small sample, by hand")
  func byHand() {
    let summary = Summary([4, 1, 3, 2])
    #expect(summary.count == 4 && summary.divergedCount == 0)
    #expect(summary.mean == 2.5)
    #expect(agrees(summary.standardDeviation ?? 0, (5.0 / 3).squareRoot()))
    #expect(agrees(summary.standardError ?? 0, (5.0 / 12).squareRoot()))
    #expect(summary.median == 2.5)
    #expect(summary.interquartileMean == 2.5)
  }

  @Test(
    "quantiles of type 7, as R gives them",
    arguments: [(0.0, 1.0), (0.05, 1.35), (0.25, 2.75), (0.5, 4.5), (0.75, 6.25), (1.0, 8.0)])
  func typeSeven(probability: Double, expected: Double) {
    let summary = Summary([8, 7, 6, 5, 4, 3, 2, 1])
    #expect(agrees(summary.quantile(probability), expected))
  }

  @Test("one score has no spread")
  func single() {
    let summary = Summary([0.3])
    #expect(summary.mean == 0.3 && summary.median == 0.3 && summary.quantile(0.95) == 0.3)
    #expect(summary.standardDeviation == nil && summary.standardError == nil)
  }

  @Test("equal scores spread by nothing")
  func equal() {
    let summary = Summary([2, 2, 2])
    #expect(summary.standardDeviation == 0 && summary.quantile(0.3) == 2)
  }

  @Test("a diverged run is the worst score", arguments: [Double.nan, .infinity, -.infinity])
  func diverged(value: Double) {
    let summary = Summary([1, value, 2, 3])
    #expect(summary.count == 4 && summary.divergedCount == 1)
    #expect(summary.mean == .infinity && summary.standardDeviation == .infinity)
    #expect(summary.standardError == .infinity)
    #expect(summary.median == 2.5)
    #expect(summary.interquartileMean == 2.5)
    #expect(summary.quantile(1) == .infinity)
    // Interpolated towards infinity, however little.
    #expect(summary.quantile(0.7) == .infinity)
    #expect(agrees(summary.quantile(0.6), 2.8))
  }

  @Test("when most runs diverge, so does the middle")
  func mostlyDiverged() {
    let summary = Summary([1, .nan, .nan, .nan])
    #expect(summary.median == .infinity && summary.interquartileMean == .infinity)
    #expect(summary.quantile(0) == 1)
  }
}
