import Reports
import Testing

/// The statistics of single runs on data whose truth is known; those of repetitions are in
/// `StatisticsStudyTests`.
///
/// Tolerances are three binomial standard errors, √(p(1-p)/repetitions), around what the method
/// reaches at that size, which for skewed data is honestly below 95 %.
@Suite("Coverage and level")
struct CoverageTests {
  /// A distribution with mean 0.
  enum Noise: String, CaseIterable, Sendable { case normal, exponential }

  private func draw(_ count: Int, _ noise: Noise, _ stream: inout SeededStream) -> [Double] {
    (0..<count).map { _ in noise == .normal ? stream.normal() : stream.centredExponential() }
  }

  @Test(
    "intervals cover the mean near 95 %",
    arguments: [
      (5, Noise.normal, 0.95), (10, .normal, 0.945), (20, .normal, 0.95),
      (10, .exponential, 0.925), (20, .exponential, 0.94),
    ])
  func coverage(count: Int, noise: Noise, expected: Double) {
    var stream = SeededStream(seed: UInt64(count))
    let repetitions = 1000
    var covered = 0
    for _ in 0..<repetitions {
      let interval =
        count < PairedDifference.smallestResampledCount
        ? StudentInterval.ofMean(of: draw(count, noise, &stream), level: 0.95)
        : BootstrapInterval.ofMean(
          of: draw(count, noise, &stream), level: 0.95, generator: &stream)
      if interval.contains(0) { covered += 1 }
    }
    let share = Double(covered) / Double(repetitions)
    #expect(abs(share - expected) < 0.023, "\(count) \(noise) values: covered \(share)")
  }

  @Test("the interval of a median covers at least 95 %", arguments: [6, 10, 25])
  func medianCoverage(count: Int) {
    var stream = SeededStream(seed: 77)
    var covered = 0
    for _ in 0..<2000 {
      let sorted = draw(count, .normal, &stream).sorted()
      if OrderStatisticsInterval.ofMedian(ofSorted: sorted, level: 0.95)?.contains(0) ?? true {
        covered += 1
      }
    }
    #expect(covered >= 1900 - 30)
  }

  @Test("A/A: arms that do not differ are told apart at most 5 % of the time", arguments: [8, 12])
  func exactLevel(count: Int) {
    var stream = SeededStream(seed: 31)
    let repetitions = 2000
    var rejected = 0
    for _ in 0..<repetitions {
      let differences = draw(count, .normal, &stream)
      if SignFlipTest.pValue(of: differences, generator: &stream) <= 0.05 { rejected += 1 }
    }
    let share = Double(rejected) / Double(repetitions)
    #expect(share <= 0.05 + 0.015 && share >= 0.02, "rejected \(share)")
  }

  @Test("A/A with diverged runs keeps its level")
  func levelWithDivergence() {
    var stream = SeededStream(seed: 32)
    let repetitions = 2000
    var rejected = 0
    for _ in 0..<repetitions {
      var differences = draw(10, .normal, &stream)
      // One run in five diverges, in either arm alike.
      for index in differences.indices where stream.next() % 5 == 0 {
        differences[index] = stream.next() % 2 == 0 ? .infinity : -.infinity
      }
      if SignFlipTest.pValue(of: differences, generator: &stream) <= 0.05 { rejected += 1 }
    }
    let share = Double(rejected) / Double(repetitions)
    #expect(share <= 0.05 + 0.015, "rejected \(share)")
  }

  @Test("A/A by Monte Carlo, beyond 15 pairs")
  func monteCarloLevel() {
    var stream = SeededStream(seed: 33)
    let repetitions = 200
    var rejected = 0
    for _ in 0..<repetitions {
      let differences = draw(18, .normal, &stream)
      if SignFlipTest.pValue(of: differences, generator: &stream) <= 0.05 { rejected += 1 }
    }
    let share = Double(rejected) / Double(repetitions)
    #expect(share <= 0.05 + 0.046, "rejected \(share)")
  }
}
