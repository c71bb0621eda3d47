/// The fraction of an arm's runs with a score of at most τ, as a function of τ.
///
/// Dolan and Moré 2002, over runs as in Agarwal et al. 2021: an arm whose curve lies above
/// another's everywhere is better at every quantile, and where curves cross there is no single
/// answer. A diverged run is at most no τ, so that a curve that ends below 1 shows how many there
/// are.
package struct PerformanceProfile: Sendable, Equatable {
  /// The scores at which the fractions are given, ascending.
  package let thresholds: [Double]
  /// The fraction of runs at or below each threshold, a mean over repetitions.
  package let fractions: [Double]
  /// The lower ends of the 95 % intervals, threshold by threshold, over repetitions; nan where
  /// there is none: with few repetitions (`ShownIntervals`), and where nearly all runs lie on one
  /// side, so that the interval would be that of the worst case.
  package let low: [Double]
  /// See `low`.
  package let high: [Double]

  /// The profile of an arm's scores, given by repetition and run.
  package init(_ scores: [[Double]], thresholds: [Double]) {
    precondition(!scores.isEmpty && !scores.contains { $0.isEmpty }, "a profile needs runs")
    self.thresholds = thresholds
    let sorted = scores.map { $0.map(Divergence.scored).sorted() }
    let shares = thresholds.map { threshold in
      sorted.map { runs in Double(runs.count { $0 <= threshold }) / Double(runs.count) }
    }
    fractions = shares.map { $0.reduce(0, +) / Double($0.count) }
    let differ = sorted.contains { $0 != sorted[0] }
    let bands = shares.map { shares -> ClosedRange<Double>? in
      differ && shares.count >= ShownIntervals.share && ShareInterval.isEstimated(shares)
        ? ShareInterval.ofMean(of: shares, level: PairedDifference.level) : nil
    }
    low = bands.map { $0?.lowerBound ?? .nan }
    high = bands.map { $0?.upperBound ?? .nan }
  }

  /// Thresholds from the least to the greatest finite score, at equal distances or, where scores
  /// are positive and span more than a decade, at equal ratios; empty without finite scores.
  package static func thresholds(
    for scores: [Double], count: Int = 200
  ) -> (values: [Double], isLogarithmic: Bool) {
    let finite = scores.filter(\.isFinite)
    guard let least = finite.min(), let greatest = finite.max(), least < greatest else {
      return (finite.min().map { [$0] } ?? [], false)
    }
    if least > 0 && greatest > 10 * least {
      return (SearchGrid.logarithmic(from: least, to: greatest, count: count), true)
    }
    let step = (greatest - least) / Double(count - 1)
    return ((0..<count).map { $0 == count - 1 ? greatest : least + Double($0) * step }, false)
  }
}
