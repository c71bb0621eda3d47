import Reports
import Testing

@Suite("Sign-flip test")
struct SignFlipTestTests {
  private func pValue(_ differences: [Double]) -> Double {
    var generator = SeededStream(seed: 2)
    return SignFlipTest.pValue(of: differences, generator: &generator)
  }

  static let examples: [([Double], Double)] = [
    ([1], 1), ([1, 1], 0.5), ([1, 2, 3], 0.25), ([1, 2, -3], 1),
    // |±1 ±2 ±4| ≥ 5 for 5 and 7, each with both signs.
    ([-1, 2, 4], 0.5), ([0, 0], 1), ([0, 1, 1], 0.5),
    // Ties by rounding: 0.1 + 0.2 - 0.3 is not quite 0, and every sum reaches it.
    ([0.1, 0.2, -0.3], 1),
  ]

  @Test("small examples, by hand", arguments: examples)
  func byHand(differences: [Double], expected: Double) {
    #expect(pValue(differences) == expected)
  }

  @Test("five pairs never reject at 5 %")
  func leastPValue() {
    #expect(pValue([5, 6, 7, 8, 9]) == 0.0625)
  }

  @Test("the share drawn agrees with the share counted")
  func monteCarlo() {
    var generator = SeededStream(seed: 3)
    let differences = (0..<15).map { _ in generator.normal() + 0.3 }
    let exact = pValue(differences)
    // A difference of 0 weighs nothing, but a negligible one makes the sixteenth pair.
    let drawn = pValue(differences + [1e-9])
    let error = (exact * (1 - exact) / Double(SignFlipTest.monteCarloCount)).squareRoot()
    #expect(abs(drawn - exact) < 4 * error + 1e-5)
    #expect(drawn != exact)
  }

  @Test("a drawn p-value is never 0")
  func neverZero() {
    let least = 1 / Double(SignFlipTest.monteCarloCount + 1)
    #expect(pValue([Double](repeating: 1, count: 40)) == least)
    #expect(pValue((1...100).map(Double.init)) == least)
  }

  @Test("signed ranks share ties, and rank zeros without weighing them")
  func ranks() {
    #expect(SignFlipTest.signedRanks(of: [3, -1, 1, 0]) == [4, -2.5, 2.5, 0])
    #expect(SignFlipTest.signedRanks(of: [-.infinity, 2, .infinity]) == [-2.5, 1, 2.5])
  }

  @Test("Holm's adjustment, by hand")
  func holm() {
    #expect(HolmAdjustment.adjusted([]) == [])
    let adjusted = HolmAdjustment.adjusted([0.01, 0.04, 0.03, 0.5])
    for (found, expected) in zip(adjusted, [0.04, 0.09, 0.09, 0.5]) {
      #expect(agrees(found, expected))
    }
    #expect(HolmAdjustment.adjusted([0.9, 0.8]) == [1, 1])
  }
}
