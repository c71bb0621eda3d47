import Foundation

/// Two arms compared seed by seed: first minus second, so that negative means the first is better.
///
/// ```swift
/// let comparison = PairedDifference(first: learned, second: tuned, generator: &generator)
/// print(comparison.interval)  // such as -0.031 ... -0.012
/// ```
/// Diverged runs are the worst score (see `Divergence`). While all differences are finite the
/// comparison is about their mean; otherwise the mean says nothing and it is about their median,
/// and `estimand` says so.
package struct PairedDifference: Sendable, Equatable {
  /// What the estimate and the interval are of.
  package enum Estimand: String, Sendable {
    /// The mean of the differences.
    case mean
    /// Their median, since a run diverged.
    case median
  }

  /// How the interval was found.
  package enum Method: String, Sendable {
    /// By resampling the differences (`BootstrapInterval`).
    case bootstrap
    /// From Student's t, which assumes normal differences: there are too few to resample, or they
    /// are means of many.
    case student
    /// From the order statistics of the differences; exact, covers at least 95 %.
    case orderStatistics
    /// Nothing can be said from so few pairs: the interval is the whole line.
    case none

    /// What reports say of intervals found so; nil where there is none.
    package var text: String? {
      switch self {
      case .bootstrap: "bootstrap of the mean"
      case .student: "Student's t of the mean"
      case .orderStatistics: "order statistics of the median, as runs diverged"
      case .none: nil
      }
    }
  }

  /// The level of every interval.
  package static let level = 0.95
  /// From how many pairs on the differences are resampled.
  package static let smallestResampledCount = 8

  /// How many pairs there are.
  package let count: Int
  /// In how many pairs the first run diverged.
  package let firstDivergedCount: Int
  /// In how many pairs the second run diverged.
  package let secondDivergedCount: Int
  /// The mean difference; ±∞ after divergence, `nil` where differences of both signs are infinite.
  package let mean: Double?
  /// The median difference.
  package let median: Double
  /// What `estimate` and `interval` are of.
  package let estimand: Estimand
  /// How `interval` was found.
  package let method: Method
  /// The 95 % interval of the estimand.
  package let interval: ClosedRange<Double>
  /// The two-sided p-value of the test that belongs to the interval: the least α at which the
  /// interval of level 1 - α leaves 0 out. 1 where nothing can be said.
  package let intervalPValue: Double
  /// The two-sided p-value of the sign-flip permutation test.
  package let pValue: Double
  /// Compares the scores of two arms on the same seeds, in the same order.
  ///
  /// - Parameters:
  ///   - first: the scores of the first arm.
  ///   - second: those of the second.
  ///   - areMeans: whether scores are means over many runs, which are nearly normal, so that
  ///     Student's interval is that of their mean however many there are.
  ///   - generator: what resampling and random signs are drawn from.
  package init(
    first: [Double], second: [Double], areMeans: Bool = false,
    generator: inout some RandomNumberGenerator
  ) {
    precondition(
      first.count == second.count,
      "pairs need as many first scores as second ones, not \(first.count) and \(second.count)")
    precondition(!first.isEmpty, "a comparison needs at least one pair")
    let differences = zip(first, second).map(Divergence.difference)
    let sorted = differences.sorted()
    count = differences.count
    firstDivergedCount = first.count { !$0.isFinite }
    secondDivergedCount = second.count { !$0.isFinite }
    median = Quantiles.median(ofSorted: sorted)
    let sum = differences.reduce(0, +)
    mean = sum.isNaN ? nil : sum / Double(differences.count)

    // The same condition as in the test: finite, and not so large that squares overflow.
    let isFinite = differences.reduce(0) { $0 + $1 * $1 }.isFinite
    estimand = isFinite ? .mean : .median
    if !isFinite {
      let interval = OrderStatisticsInterval.ofMedian(ofSorted: sorted, level: Self.level)
      self.interval = interval ?? -.infinity ... .infinity
      method = interval == nil ? .none : .orderStatistics
    } else if count >= Self.smallestResampledCount && !areMeans {
      interval = BootstrapInterval.ofMean(
        of: differences, level: Self.level, generator: &generator)
      method = .bootstrap
    } else if count >= 2 {
      interval = StudentInterval.ofMean(of: differences, level: Self.level)
      method = .student
    } else {
      interval = -.infinity ... .infinity
      method = .none
    }
    pValue = SignFlipTest.pValue(of: differences, generator: &generator)
    intervalPValue =
      switch method {
      case .student: StudentInterval.pValue(of: differences)
      case .bootstrap: pValue
      case .orderStatistics, .none: Self.divergencePValue(first, second, sorted: sorted)
      }
  }

  /// The p-value where runs diverged.
  ///
  /// Of the median, that of the sign test. If one arm diverged in every pair and the other in none,
  /// it is the chance of that where both are as likely to: at most (q(1-q))ⁿ each way, for any
  /// chance q and runs that share their seeds, which can tell arms apart from three pairs on.
  private static func divergencePValue(
    _ first: [Double], _ second: [Double], sorted: [Double]
  ) -> Double {
    let (bad, worse) = (first.count { !$0.isFinite }, second.count { !$0.isFinite })
    if (bad, worse) == (first.count, 0) || (bad, worse) == (0, first.count) {
      return min(1, 2 * pow(0.25, Double(first.count)))
    }
    return OrderStatisticsInterval.pValue(ofSorted: sorted)
  }

  /// The mean, or the median where a run diverged.
  package var estimate: Double { estimand == .mean ? mean ?? median : median }

  /// Whether all pairs differ by the same: then they are one pair, and neither interval nor p-value
  /// says anything.
  package var saysNothing: Bool { interval.lowerBound == interval.upperBound }

  /// Whether there is an interval: more than one pair, which do not all differ by the same.
  package var hasInterval: Bool { count > 1 && method != .none && !saysNothing }

  /// Whether sign flips could reject at 5 %, so that their p-value says something.
  package var canReject: Bool { hasInterval && 2 * pow(0.5, Double(count)) <= 1 - Self.level }

  /// Whether every run of both arms diverged, so that they do not differ by anything.
  package var isOfDivergedRuns: Bool { firstDivergedCount == count && secondDivergedCount == count }

  /// Whether the arms are shown to differ by less than a margin: the interval lies within it.
  ///
  /// Two one-sided tests at 2.5 % each, stricter than the usual 5 %, from the interval shown.
  package func isEquivalent(within margin: Double) -> Bool {
    -margin < interval.lowerBound && interval.upperBound < margin
  }
}
