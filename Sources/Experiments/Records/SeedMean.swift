import Reports

/// A number over seeds, which are the unit of inference: each is a choice of its own.
package struct SeedMean: Sendable {
  /// The values, a diverged one as +∞.
  package let summary: Summary

  /// A value for each seed, at least one.
  package init(_ values: [Double]) { summary = Summary(values) }

  /// What orders settings: the mean, +∞ where a seed diverged.
  package var score: Double { summary.mean }

  /// The mean; where seeds diverged how many, as no mean can be made of them.
  package var text: String {
    summary.divergedCount == 0
      ? Format.number(summary.mean) : "diverged \(summary.divergedCount) of \(summary.count)"
  }

  /// Student's 95 % interval; nil for one seed, for seeds that are all one, and after divergence.
  package var interval: ClosedRange<Double>? {
    guard summary.count > 1, let deviation = summary.standardDeviation, deviation > 0,
      deviation.isFinite
    else { return nil }
    return StudentInterval.ofMean(of: summary.sorted, level: PairedDifference.level)
  }

  /// The interval as a table shows it.
  package var intervalText: String { SeedMean.text(interval) }

  /// An interval as a table shows it, `—` where there is none.
  package static func text(_ interval: ClosedRange<Double>?) -> String {
    guard let interval, interval.lowerBound.isFinite || interval.upperBound.isFinite else {
      return "—"
    }
    return Format.interval(interval)
  }
}
