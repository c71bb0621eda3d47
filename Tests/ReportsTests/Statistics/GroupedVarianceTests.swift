import Reports
import Testing

@Suite("Variance that groups explain")
struct GroupedVarianceTests {
  @Test("effects of groups and deviations within them have known shares")
  func groups() {
    // Effects −1, 0, 1 and deviations ± 0.5: 2/3 of variance between, 1/4 within.
    let values = [-1.5, -0.5, -0.5, 0.5, 0.5, 1.5]
    let fit = GroupedVariance.fit(values, by: [4, 4, 7, 7, 9, 9])
    #expect(fit.parameters == 3)
    #expect(abs(fit.share! - (2.0 / 3) / (2.0 / 3 + 0.25)) < 1e-14)
    #expect(fit.chance == 2.0 / 5)
    #expect(GroupedVariance.fit(values, by: [0, 1, 2, 3, 4, 5]).share == 1)
    #expect(GroupedVariance.fit(values, by: [0, 0, 0, 0, 0, 0]).share == 0)
  }

  @Test("nothing is explained where all numbers are equal, but for rounding")
  func equal() {
    let values = [-2.3, -2.3 + 1e-9, -2.3]
    #expect(GroupedVariance.fit(values, by: [0, 1, 1]).share == nil)
  }

  @Test("a line is found as it was made, and no line fits one position")
  func line() {
    let line = GroupedVariance.line([3, 3.5, 4.5, 4.5], over: [0, 1, 3, 3])
    #expect(abs(line.intercept - 3) < 1e-14 && abs(line.slope - 0.5) < 1e-14)
    #expect(line.fit.share == 1 && line.fit.parameters == 2)
    let none = GroupedVariance.line([1, 2, 3], over: [2, 2, 2])
    #expect(none.slope == 0 && none.intercept == 2 && none.fit.share == 0)
    #expect(none.fit.parameters == 1)
  }

  @Test("Spearman's correlation is that of ranks, with ties")
  func spearman() {
    // scipy.stats.spearmanr([1, 2, 2, 4, 9], [3, 1, 2, 8, 7]).statistic is 0.5642880936468347.
    let found = RankCorrelation.spearman([1, 2, 2, 4, 9], [3, 1, 2, 8, 7])
    #expect(abs(found! - 0.5642880936468347) < 1e-12)
    #expect(RankCorrelation.spearman([1, 2, 30], [1e-9, 5, 6]) == 1)
    #expect(RankCorrelation.spearman([1, 2, 3], [3, 2, 1]) == -1)
    #expect(RankCorrelation.spearman([1, 2, 3], [4, 4, 4]) == nil)
    #expect(RankCorrelation.spearman([1, 2], [1, 2]) == nil)
  }
}
