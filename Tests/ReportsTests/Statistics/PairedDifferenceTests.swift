import Reports
import Testing

@Suite("Paired differences")
struct PairedDifferenceTests {
  private func compare(_ first: [Double], _ second: [Double]) -> PairedDifference {
    var generator = SeededStream(seed: 5)
    return PairedDifference(first: first, second: second, generator: &generator)
  }

  @Test("four pairs, by hand")
  func byHand() {
    let comparison = compare([1, 2, 3, 5], [2, 4, 6, 5])
    #expect(comparison.mean == -1.5 && comparison.median == -1.5 && comparison.estimate == -1.5)
    // Differences -1, -2, -3, 0; t₀.₉₇₅ with three degrees is 3.18245, s = √(5/3), √n = 2.
    #expect(comparison.method == .student && comparison.estimand == .mean)
    #expect(agrees(comparison.interval.upperBound, -1.5 + 3.18245 * 0.645497, within: 1e-5))
    // Of the eight assignments of three signs, two reach 6 in magnitude.
    #expect(comparison.pValue == 0.25)
  }

  @Test("one pair says nothing about the spread")
  func single() {
    let comparison = compare([1], [2])
    #expect(comparison.estimate == -1 && comparison.method == .none)
    #expect(comparison.interval == -.infinity ... .infinity)
    #expect(comparison.pValue == 1)
    #expect(!comparison.isEquivalent(within: 100))
  }

  @Test("equal arms are equivalent", arguments: [3, 12, 40])
  func equal(count: Int) {
    let scores = (0..<count).map { Double($0) / 10 }
    let comparison = compare(scores, scores)
    #expect(comparison.mean == 0 && comparison.interval == 0...0)
    #expect(comparison.pValue == 1)
    #expect(comparison.isEquivalent(within: 1e-9))
  }

  @Test("a constant difference gives an interval of no length and the least p-value")
  func constant() {
    let comparison = compare([Double](repeating: 1, count: 10), [Double](repeating: 3, count: 10))
    #expect(comparison.interval == -2 ... -2)
    #expect(comparison.pValue == 2 / 1024.0)
  }

  @Test("a diverged run is kept: the comparison is then about the median")
  func diverged() {
    let first = [1.0, 2, 3, 4, 5, 6, 7]
    let comparison = compare(first, [2, 3, 4, 5, 6, 8, .nan])
    #expect(comparison.firstDivergedCount == 0 && comparison.secondDivergedCount == 1)
    #expect(comparison.mean == -.infinity && comparison.median == -1)
    #expect(comparison.estimand == .median && comparison.estimate == -1)
    #expect(comparison.method == .orderStatistics)
    // Seven pairs: the extremes, missing with probability 2/2⁷.
    #expect(comparison.interval == -.infinity ... -1)
    #expect(comparison.pValue == 2 / 128.0)
  }

  @Test("two diverged runs tie, and infinities of both signs have no mean")
  func divergedOnBothSides() {
    let comparison = compare([.nan, .infinity, 1], [.nan, 1, -.infinity])
    #expect(comparison.firstDivergedCount == 2 && comparison.secondDivergedCount == 2)
    #expect(comparison.mean == nil && comparison.median == 0)
    #expect(comparison.method == .none && comparison.pValue == 1)
  }

  @Test("exchanging the arms turns the signs")
  func antisymmetry() {
    var generator = SeededStream(seed: 9)
    let first = (0..<6).map { _ in generator.normal() } + [.nan, 2]
    let second = (0..<6).map { _ in generator.normal() } + [1, .nan]
    let (forward, backward) = (compare(first, second), compare(second, first))
    #expect(forward.median == -backward.median)
    #expect(forward.interval.lowerBound == -backward.interval.upperBound)
    #expect(forward.pValue == backward.pValue)
  }

  @Test("the same generator gives the same comparison")
  func deterministic() {
    var generator = SeededStream(seed: 1)
    let first = (0..<20).map { _ in generator.normal() }
    let second = (0..<20).map { _ in generator.normal() }
    #expect(compare(first, second) == compare(first, second))
    #expect(compare(first, second).method == .bootstrap)
  }

  @Test("scores near the largest numbers overflow into order statistics, not into nan")
  func overflow() {
    let comparison = compare([1e300, 1e300, 1], [-1e300, 1, 1])
    #expect(comparison.estimand == .median && comparison.estimate == 1e300)
  }
}
