/// The interval of a probability that each repetition estimates by a share of its runs.
///
/// Wilson's interval (1927) with an effective number of runs and Student's quantile, as surveys use
/// it for clusters (Korn and Graubard 1998; Franco, Little, Louis and Slud 2019): with n
/// repetitions, p the mean of their shares and v the variance of that mean, the effective number is
/// p(1-p)/v, at least n.
///
/// Where less than one and a half repetitions' worth of runs speaks against the rest, v is not to
/// be trusted: the repetition in ten that turns out otherwise may not have been seen yet. Then the
/// effective number is n, the least there can be, and the interval covers more than it says;
/// without this rule it covers 77 % where one repetition in twenty turns out otherwise.
package enum ShareInterval {
  /// How many repetitions' worth of runs must speak against the rest.
  package static let leastMinority = 1.5

  /// The interval from the shares of two or more repetitions.
  package static func ofMean(of shares: [Double], level: Double) -> ClosedRange<Double> {
    precondition(shares.count >= 2, "an interval over repetitions needs two of them")
    let summary = Summary(shares)
    let (count, p) = (Double(shares.count), summary.mean)
    let error = summary.standardError ?? 0
    var effective = count
    if isEstimated(shares), error > 0 {
      effective = max(count, p * (1 - p) / (error * error))
    }
    let t = StudentDistribution.quantile((1 + level) / 2, degrees: count - 1)
    let square = t * t / effective
    let middle = (p + square / 2) / (1 + square)
    let reach = t * (p * (1 - p) / effective + square / (4 * effective)).squareRoot() / (1 + square)
    return max(0, middle - reach)...min(1, middle + reach)
  }

  /// Whether the spread of the shares says how wide the interval is, and not the worst case.
  package static func isEstimated(_ shares: [Double]) -> Bool {
    let sum = shares.reduce(0, +)
    return min(sum, Double(shares.count) - sum) >= leastMinority
  }
}
