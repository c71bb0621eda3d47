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
    ])
  func student(degrees: Int, expected: Double) {
    let found = StudentDistribution.quantile(0.975, degrees: degrees)
    #expect(agrees(found, expected, within: 1e-10))
    #expect(StudentDistribution.quantile(0.025, degrees: degrees) == -found)
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
