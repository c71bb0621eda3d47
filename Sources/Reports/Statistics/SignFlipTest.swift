/// The two-sided permutation test of paired differences against a distribution symmetric about 0.
///
/// If neither arm is better, a difference is as likely as its opposite. The p-value is the share of
/// all sign assignments whose sum is at least as far from zero as the one observed. With five pairs
/// it cannot fall below 2/2⁵ = 0.0625, whatever the data: five seeds never reject at 5 %.
package enum SignFlipTest {
  /// Up to how many pairs all 2ⁿ assignments are counted.
  package static let largestExactCount = 15
  /// How many assignments are drawn beyond that.
  package static let monteCarloCount = 100_000

  /// The p-value of differences that may include ±∞.
  ///
  /// Without infinities the statistic is the sum of the differences, otherwise that of their signed
  /// ranks. The choice looks only at magnitudes, which a sign flip leaves as they are, so that the
  /// test keeps its level.
  package static func pValue(
    of differences: [Double], generator: inout some RandomNumberGenerator
  ) -> Double {
    let energy = differences.reduce(0) { $0 + $1 * $1 }
    let contributions = energy.isFinite ? differences : signedRanks(of: differences)
    let magnitudes = contributions.map(abs).filter { $0 > 0 }
    // Sums of the same numbers in another order differ by rounding, and must count as ties.
    let tolerance = 1e-12 * magnitudes.reduce(0, +)
    let threshold = abs(contributions.reduce(0, +)) - tolerance
    if magnitudes.count <= largestExactCount {
      return exactShare(of: magnitudes, reaching: threshold)
    }
    var reached = 0
    for _ in 0..<monteCarloCount {
      var sum = 0.0
      var signs: UInt64 = 0
      for (index, magnitude) in magnitudes.enumerated() {
        if index % 64 == 0 { signs = generator.next() }
        sum += signs & 1 == 0 ? magnitude : -magnitude
        signs >>= 1
      }
      if abs(sum) >= threshold { reached += 1 }
    }
    // The observed assignment is one of those possible: without it a p-value could be 0.
    return Double(reached + 1) / Double(monteCarloCount + 1)
  }

  /// Wilcoxon's signed ranks: ties share their mean rank, and zeros keep theirs but weigh nothing.
  package static func signedRanks(of differences: [Double]) -> [Double] {
    let order = differences.indices.sorted { abs(differences[$0]) < abs(differences[$1]) }
    var ranks = [Double](repeating: 0, count: differences.count)
    var start = 0
    while start < order.count {
      let magnitude = abs(differences[order[start]])
      let end = order[start...].firstIndex { abs(differences[$0]) != magnitude } ?? order.count
      let shared = Double(start + 1 + end) / 2
      for index in order[start..<end] {
        let value = differences[index]
        ranks[index] = value == 0 ? 0 : (value < 0 ? -shared : shared)
      }
      start = end
    }
    return ranks
  }

  /// The share of sign assignments whose sum is at least the threshold in magnitude.
  private static func exactShare(of magnitudes: [Double], reaching threshold: Double) -> Double {
    guard let first = magnitudes.first else { return 1 }
    // Turning all signs leaves the magnitude: the first may stay positive.
    let assignments = 1 << (magnitudes.count - 1)
    var reached = 0
    for assignment in 0..<assignments {
      var sum = first
      for (bit, magnitude) in magnitudes.dropFirst().enumerated() {
        sum += assignment >> bit & 1 == 0 ? magnitude : -magnitude
      }
      if abs(sum) >= threshold { reached += 1 }
    }
    return Double(reached) / Double(assignments)
  }
}
