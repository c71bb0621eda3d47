import Reports
import Testing

@Suite("Families of comparisons")
struct ComparisonFamilyTests {
  private func compare(_ differences: [Double]) -> PairedDifference {
    var generator = SeededStream(seed: 5)
    return PairedDifference(
      first: differences, second: differences.map { _ in 0 }, areMeans: true,
      generator: &generator)
  }

  @Test("what holds for one comparison need not hold for one among several")
  func adjusted() {
    // scipy.stats.ttest_1samp([1, 2, 3, 4, 0.5], 0).pvalue is 0.0305.
    let one = compare([1, 2, 3, 4, 0.5])
    #expect(one.intervalPValue > 0.025 && one.intervalPValue < 0.05)
    #expect(ComparisonFamily([one]).outcomes == [.higher])
    #expect(ComparisonFamily([one, compare([1, -1, 2, -2, 0.1])]).outcomes[0] == .undecided)
    let clear = compare([-1, -1.1, -0.9, -1, -1.05])
    #expect(ComparisonFamily([clear, one]).outcomes == [.lower, .higher])
  }

  @Test("where nothing can be said, nothing is, and the family is no smaller for it")
  func nothing() {
    let same = compare([1, 1, 1, 1, 1])
    #expect(same.intervalPValue == 1 && !same.canReject)
    let one = compare([1, 2, 3, 4, 0.5])
    #expect(ComparisonFamily([one, same]).outcomes == [.undecided, .undecided])
    #expect(ComparisonFamily([]).outcomes.isEmpty)
  }

  @Test("an arm that always diverges is worse from three repetitions on")
  func divergence() {
    #expect(compare([.infinity, .infinity]).intervalPValue == 0.125)
    let three = compare([.infinity, .infinity, .infinity])
    #expect(three.intervalPValue == 0.031_25)
    #expect(ComparisonFamily([three]).outcomes == [.higher])
    // Most of the time is not always.
    let most = compare([.infinity, .infinity, .infinity, 1, -1])
    #expect(agrees(most.intervalPValue, 0.375))
  }

  @Test("sign flips are adjusted, and have p-values where they can reject")
  func signFlips() {
    let six = compare([1, 2, 3, 4, 5, 6])
    #expect(six.canReject && six.pValue == 0.031_25)
    #expect(ComparisonFamily([six, six]).signFlipPValues == [0.062_5, 0.062_5])
    #expect(ComparisonFamily([compare([1, 2, 3, 4, 5])]).signFlipPValues == [1])
  }
}
