import Foundation

/// Student's interval of a mean: mean ± t·s/√n, right for normal values however few.
package enum StudentInterval {
  /// The interval of the mean of two or more finite values.
  package static func ofMean(of values: [Double], level: Double) -> ClosedRange<Double> {
    precondition(values.count >= 2, "Student's interval needs at least two values")
    let summary = Summary(values)
    let t = StudentDistribution.quantile((1 + level) / 2, degrees: Double(values.count - 1))
    let reach = t * (summary.standardError ?? 0)
    return (summary.mean - reach)...(summary.mean + reach)
  }

  /// The two-sided p-value of a mean of 0 (Student 1908); 1 for values that do not differ.
  package static func pValue(of values: [Double]) -> Double {
    precondition(values.count >= 2, "Student's test needs at least two values")
    let summary = Summary(values)
    guard let error = summary.standardError, error > 0 else { return 1 }
    return 2
      * StudentDistribution.probability(
        upTo: -abs(summary.mean) / error, degrees: Double(values.count - 1))
  }
}

/// The interval of a median between two order statistics, whatever the distribution.
///
/// [x₍ₖ₎, x₍ₙ₊₁₋ₖ₎] misses the median with probability 2·P(B ≤ k-1), B binomial with n and 1/2. The
/// largest k that keeps this within 1 - level gives at least the level; ±∞ among the values is no
/// obstacle.
package enum OrderStatisticsInterval {
  /// The interval, or `nil` where n is too small for any: below six values at 95 %.
  package static func ofMedian(
    ofSorted values: [Double], level: Double
  ) -> ClosedRange<Double>? {
    let count = values.count
    // The terms C(n, rank)/2ⁿ by their logarithms, as 2⁻ⁿ underflows beyond a thousand values.
    var logarithm = -Double(count) * log(2)
    var missed = 0.0
    var rank = 0
    while rank < count / 2 {
      missed += 2 * exp(logarithm)
      if missed > 1 - level { break }
      logarithm += log(Double(count - rank) / Double(rank + 1))
      rank += 1
    }
    return rank == 0 ? nil : values[rank - 1]...values[count - rank]
  }

  /// The two-sided p-value of a median of 0, that of the sign test; a difference of 0 speaks for
  /// it.
  package static func pValue(ofSorted values: [Double]) -> Double {
    let least = min(values.count { $0 <= 0 }, values.count { $0 >= 0 })
    guard least < values.count - least else { return 1 }
    // P(B ≤ k) for B binomial with n and 1/2.
    let tail = IncompleteBeta.regularized(0.5, Double(values.count - least), Double(least + 1))
    return min(1, 2 * tail)
  }
}
