import Reports
import Testing

@Suite("Probabilities of improvement and performance profiles")
struct ImprovementTests {
  @Test("by hand: pairs by repetition and run, ties as halves, divergence as the worst")
  func byHand() {
    let found = ProbabilityOfImprovement(
      first: [[1, 2, .nan], [1, .nan]], second: [[2, 2, 5], [.nan, .infinity]])
    #expect(found.byRepetition == [0.5, 0.75] && found.estimate == 0.625)
    #expect(found.interval == nil)
  }

  @Test("over all ways to pair runs it is Mann and Whitney's statistic, as scipy gives it")
  func mannWhitney() {
    let first = [0.31, 0.28, 0.35, 0.40, 0.22]
    let second = [0.33, 0.30, 0.29, 0.40, 0.35]
    let pairings = (0..<5).map { shift in
      ProbabilityOfImprovement(
        first: [first], second: [Array(second[shift...] + second[..<shift])]
      ).estimate
    }
    // scipy.stats.mannwhitneyu(second, first).statistic / 25
    #expect(agrees(pairings.reduce(0, +) / 5, 0.6))
  }

  @Test("the interval is Wilson's with an effective number of runs, as NumPy and scipy compute it")
  func interval() {
    let shares = [0.5, 0.6, 0.4, 0.7, 0.3, 0.9, 0.5, 0.8]
    let found = ShareInterval.ofMean(of: shares, level: 0.95)
    #expect(agrees(found.lowerBound, 0.417_410_974_936_112, within: 1e-10))
    #expect(agrees(found.upperBound, 0.738_983_274_244_253, within: 1e-10))
    // All alike is not known for certain: eight repetitions that were won are eight.
    let won = ShareInterval.ofMean(of: [Double](repeating: 1, count: 8), level: 0.95)
    #expect(agrees(won.lowerBound, 0.588_605_429_500_395, within: 1e-10) && won.upperBound == 1)
  }

  @Test("repetitions that are all one, and ties alone, have no interval")
  func identical() {
    let one = [[1.0, 2, 3]]
    let eight = [[Double]](repeating: one[0], count: 8)
    let other = [[Double]](repeating: [2, 1, 4], count: 8)
    #expect(ProbabilityOfImprovement(first: eight, second: other).interval == nil)
    #expect(ProbabilityOfImprovement(first: other, second: other).interval == nil)
    let different = (0..<8).map { [Double($0), 1, 5] }
    #expect(ProbabilityOfImprovement(first: different, second: other).interval != nil)
    #expect(
      ProbabilityOfImprovement(first: Array(different.prefix(5)), second: Array(other.prefix(5)))
        .interval == nil)
  }

  @Test("a profile counts runs at or below each threshold, diverged ones at none")
  func profile() {
    let profile = PerformanceProfile(
      [[1, 2, 3, .nan], [2, 2, 3, 4]], thresholds: [0.5, 1, 2, 3, 100])
    #expect(profile.fractions == [0, 0.125, 0.5, 0.75, 0.875])
    #expect(profile.low.allSatisfy(\.isNaN) && profile.high.allSatisfy(\.isNaN))
  }

  @Test("a profile has a band over repetitions where both sides have runs enough")
  func band() {
    var stream = SeededStream(seed: 4)
    let scores = (0..<10).map { _ in (0..<20).map { _ in stream.normal() } }
    let profile = PerformanceProfile(scores, thresholds: [-9, 0, 9])
    #expect(profile.low[0].isNaN && profile.high[2].isNaN)
    #expect(profile.low[1] < profile.fractions[1] && profile.fractions[1] < profile.high[1])
    let same = [[Double]](repeating: scores[0], count: 10)
    #expect(PerformanceProfile(same, thresholds: [0]).low[0].isNaN)
  }

  @Test("thresholds go from the least to the greatest finite score")
  func thresholds() {
    let linear = PerformanceProfile.thresholds(for: [1, 3, 2, .infinity], count: 5)
    #expect(linear.values == [1, 1.5, 2, 2.5, 3] && !linear.isLogarithmic)
    let wide = PerformanceProfile.thresholds(for: [0.01, 1], count: 3)
    #expect(wide.isLogarithmic && wide.values.first == 0.01 && wide.values.last == 1)
    #expect(PerformanceProfile.thresholds(for: [2, 2]).values == [2])
    #expect(PerformanceProfile.thresholds(for: [.nan]).values.isEmpty)
  }
}
