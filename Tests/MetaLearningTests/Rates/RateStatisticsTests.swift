import MetaLearning
import TensorPrograms
import Testing

@Suite struct RateStatisticsTests {
  /// The definition: of the sorted rates, with a straight line between neighbors.
  private func quantile(_ level: Double, of rates: [Double]) -> Double {
    let sorted = rates.sorted()
    let position = level * Double(sorted.count - 1)
    let low = Int(position)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
  }

  @Test("quantiles without sorting are those of sorted rates")
  func quantiles() {
    var stream = RandomStream(seed: 5, purpose: "rates")
    for count in [1, 2, 3, 10, 101, 1000] {
      let drawn = (0..<count).map { _ in stream.normal() }
      let few = (0..<count).map { _ in Double(stream.integer(below: 3)) }
      for rates in [
        drawn, few, drawn.sorted(), drawn.sorted(by: >), [Double](repeating: 0.1, count: count),
      ] {
        let found = RateStatistics(rates, parameterization: .direct, typical: 1)
        #expect(found.quantiles == RateStatistics.levels.map { quantile($0, of: rates) })
        #expect(found.fractionNegative == Double(rates.count { $0 < 0 }) / Double(count))
      }
    }
  }

  @Test("what is not a number is greater than any, and ends no search", .timeLimit(.minutes(1)))
  func notANumber() {
    let found = RateStatistics([.nan, 1, .nan, 2, 0], parameterization: .direct, typical: 1)
    #expect(found.quantiles[2] == 2 && found.quantiles[4] == .infinity)
  }

  @Test("a typical rate is the middle one by magnitude; of none it is 1")
  func typical() {
    let rates = [Tensor([3, -1, 2] as [Double]), Tensor([-9, 5] as [Double])]
    let none = RateStatistics([], parameterization: .log, typical: 1)
    #expect(RateStatistics.typical(rates) == 3 && RateStatistics.typical([]) == 1)
    #expect(none.quantiles.filter(\.isNaN).count == RateStatistics.levels.count)
  }
}
