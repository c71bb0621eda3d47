/// A sample of scores in a few numbers, diverged runs included as +∞ (see `Divergence`).
///
/// ```swift
/// let summary = Summary([0.31, 0.28, .nan, 0.35])
/// print(summary.median)  // 0.33
/// print(summary.mean)  // inf: one run diverged
/// ```
package struct Summary: Sendable, Equatable {
  /// How many scores there are.
  package let count: Int
  /// How many of them were not finite.
  package let divergedCount: Int
  /// The arithmetic mean; infinite where a run diverged.
  package let mean: Double
  /// The sample standard deviation, with n - 1; `nil` for one score, infinite after divergence.
  package let standardDeviation: Double?
  /// The scores in ascending order, diverged ones last.
  package let sorted: [Double]

  /// Summarizes one or more scores.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "a summary needs at least one value")
    sorted = values.map(Divergence.scored).sorted()
    count = values.count
    divergedCount = values.count { !$0.isFinite }
    let size = Double(values.count)
    let mean = sorted.reduce(0, +) / size
    self.mean = mean
    if values.count == 1 {
      standardDeviation = nil
    } else if mean.isFinite {
      let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      standardDeviation = (squares / (size - 1)).squareRoot()
    } else {
      standardDeviation = .infinity
    }
  }

  /// The standard error of the mean, s/√n; `nil` for one score, infinite after divergence.
  package var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }

  /// The median.
  package var median: Double { Quantiles.median(ofSorted: sorted) }

  /// The mean of the middle half, which a few outliers cannot move.
  package var interquartileMean: Double { InterquartileMean.of(sorted: sorted) }

  /// The quantile of type 7 at a probability from 0 to 1.
  package func quantile(_ probability: Double) -> Double {
    Quantiles.quantile(probability, ofSorted: sorted)
  }
}
