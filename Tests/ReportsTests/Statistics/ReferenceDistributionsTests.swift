import Reports
import Testing

@Suite("Reference distributions")
struct ReferenceDistributionsTests {
  @Test(
    "normal quantiles from the tables",
    arguments: [(0.975, 1.959_963_984_540_054), (0.5, 0), (1e-10, -6.361_340_902_404)])
  func normal(probability: Double, expected: Double) {
    #expect(agrees(NormalDistribution.quantile(probability), expected, within: 1e-11))
  }

  @Test("normal probabilities at the ends")
  func normalEnds() {
    #expect(NormalDistribution.probability(upTo: .infinity) == 1)
    #expect(NormalDistribution.probability(upTo: -.infinity) == 0)
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
  }

  @Test(
    "Student quantiles from the tables",
    arguments: [
      (1, 12.706_204_736_17), (2, 4.302_652_729_70), (3, 3.182_446_305_28),
      (4, 2.776_445_105_20), (9, 2.262_157_162_74), (30, 2.042_272_456_30),
      (1000, 1.962_339_080_83),
      // scipy.stats.t.ppf(0.975, degrees): they need not be whole.
      (1.5, 6.016_663_104_427_9), (2.5, 3.574_654_842_003_7), (9.5, 2.244_137_461_492_3),
    ])
  func student(degrees: Double, expected: Double) {
    let found = StudentDistribution.quantile(0.975, degrees: degrees)
    #expect(agrees(found, expected, within: 1e-10))
    #expect(agrees(StudentDistribution.quantile(0.025, degrees: degrees), -found))
  }

  @Test(
    "the incomplete beta function, as scipy.special.betainc gives it",
    arguments: [
      ([0.3, 2.5, 0.5], 0.018_927_124_071_945_66), ([0.999, 40, 0.5], 0.777_919_867_635_688),
      ([1e-3, 0.5, 7.5], 0.095_898_617_245_029_97), ([0.5, 12, 3], 0.006_469_726_562_5),
      ([0, 1, 2], 0), ([1, 1, 2], 1),
    ] as [([Double], Double)])
  func incompleteBeta(at point: [Double], expected: Double) {
    #expect(agrees(IncompleteBeta.regularized(point[0], point[1], point[2]), expected))
  }

  @Test("p-values of Student's test and of the sign test, as scipy gives them")
  func pValues() {
    // scipy.stats.ttest_1samp(…, 0).pvalue
    let values = [0.31, -0.12, 0.45, 0.20, 0.07, 0.52]
    #expect(agrees(StudentInterval.pValue(of: values), 0.059_040_387_259_712_09, within: 1e-11))
    // scipy.stats.binomtest(1, 8).pvalue and (0, 6).pvalue
    let eight = [-1, 1, 2, 3, 4, 5, 6, .infinity]
    #expect(agrees(OrderStatisticsInterval.pValue(ofSorted: eight), 0.070_312_5))
    #expect(agrees(OrderStatisticsInterval.pValue(ofSorted: Array(eight.suffix(6))), 0.031_25))
    #expect(OrderStatisticsInterval.pValue(ofSorted: [-1, 0, 1]) == 1)
  }

  @Test("the p-value of an interval is 5 % where its end is 0", arguments: [3, 6, 12])
  func duality(count: Int) {
    var stream = SeededStream(seed: 3)
    let values = (0..<count).map { _ in stream.normal() }
    let end = StudentInterval.ofMean(of: values, level: 0.95).lowerBound
    #expect(agrees(StudentInterval.pValue(of: values.map { $0 - end }), 0.05, within: 1e-9))
  }

  @Test(
    "ranks of the interval of a median, from the binomial tables",
    arguments: [(5, nil), (6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (100, 40)] as [(Int, Int?)])
  func medianRanks(count: Int, rank: Int?) {
    let values = (1...count).map(Double.init)
    let interval = OrderStatisticsInterval.ofMedian(ofSorted: values, level: 0.95)
    #expect(interval == rank.map { Double($0)...Double(count + 1 - $0) })
  }
}
