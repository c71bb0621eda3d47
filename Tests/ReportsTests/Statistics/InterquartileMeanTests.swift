import Reports
import Testing

@Suite("Interquartile means")
struct InterquartileMeanTests {
  static let means: [([Double], Double)] = [
    ([7], 7), ([1, 3], 2),
    ([0, 1, 100], 26 / 1.5), ([-100, 1, 2, 100], 1.5),
    ([-100, 1, 2, 3, 100], 2), ([-9, -9, 1, 2, 3, 4, 9, 9], 2.5),
    // scipy.stats.trim_mean(values, 0.25), which agrees where four divides n.
    ([4.1, 0.3, 2.2, 9.7, 3.3, 5.8, 1.4, 2.9], 3.125),
    // The two examples of the article "Interquartile mean" in Wikipedia; nine values weigh those at
    // the cuts by 0.75.
    ([5, 8, 4, 38, 8, 6, 9, 7, 7, 3, 1, 6], 6.5), ([1, 3, 5, 7, 9, 11, 13, 15, 17], 9),
    // scipy drops one of five whole at each end and gives 4.667; here they keep the rest.
    ([1, 2, 4, 8, 16], (0.75 * 2 + 4 + 0.75 * 8) / 2.5),
  ]

  @Test("the values at the cut keep the rest of their weight", arguments: means)
  func mean(values: [Double], expected: Double) {
    #expect(agrees(InterquartileMean.of(sorted: values.sorted()), expected))
  }

  @Test("the interval is a jackknife's with (n-1)/2 degrees, as NumPy and scipy compute it")
  func interval() throws {
    // Pseudo-values by numpy.delete, t by scipy.stats.t.ppf(0.975, 3.5).
    let values = [4.1, 0.3, 2.2, 9.7, 3.3, 5.8, 1.4, 2.9].sorted()
    let found = try #require(InterquartileMean.interval(ofSorted: values, level: 0.95))
    #expect(agrees(found.lowerBound, 0.861_085_725_106_31, within: 1e-10))
    #expect(agrees(found.upperBound, 5.388_914_274_893_69, within: 1e-10))
    let seven = try #require(
      InterquartileMean.interval(ofSorted: [1, 2, 3, 4, 8, 16, 32], level: 0.95))
    #expect(agrees(seven.lowerBound, -4.865_395_251_595_54, within: 1e-10))
    #expect(agrees(seven.upperBound, 16.008_252_394_452_68, within: 1e-10))
  }

  @Test("diverged runs are outside the middle while they are few, and infinite beyond that")
  func divergence() throws {
    #expect(Summary([1, 2, 3, .nan, 4]).interquartileMean.isFinite)
    #expect(Summary([1, 2, .nan, .nan, 4]).interquartileMean == .infinity)
    let one = [1, 2, 3, 4, Double.infinity]
    #expect(InterquartileMean.interval(ofSorted: one, level: 0.95) != nil)
    // Finite itself, but infinite without one of the others: nothing is known of its error.
    let two = [1, 2, 3, 4, 5, 6, Double.infinity, .infinity]
    #expect(InterquartileMean.of(sorted: two).isFinite)
    #expect(InterquartileMean.interval(ofSorted: two, level: 0.95) == nil)
  }

  @Test("values that do not differ have no interval")
  func identical() {
    #expect(InterquartileMean.interval(ofSorted: [2, 2, 2, 2, 2], level: 0.95) == nil)
    // Nor does a middle half of one value, whatever lies around it.
    let middle = [0, 2, 2, 2, 2, 2, 2, 2, 2, 9.0]
    #expect(InterquartileMean.interval(ofSorted: middle, level: 0.95) == nil)
  }
}
