/// How close estimates of some gradient are to references, one of each a batch.
///
/// With e and r the two of a batch, E the mean over batches and N² = E‖r‖²:
/// error² = E‖e − r‖²/N² = bias² + the variance of e − r over N², apart from the sampling of few
/// batches.
package struct GradientAgreement: Sendable {
  /// How many numbers a gradient has.
  package let count: Int
  /// N, the references' root mean square norm.
  package let norm: Double
  /// The mean over batches of the cosine between the two.
  package let cosine: Double
  /// √E‖e − r‖² / N.
  package let error: Double
  /// ‖E(e − r)‖ / N.
  package let bias: Double
  /// The standard error of `bias` by the scatter of e − r; not a number for a single batch.
  package let biasError: Double
  /// Σ over the numbers of e's variance between batches, over N²; not a number for a single batch.
  package let variance: Double
  /// The same of r.
  package let referenceVariance: Double

  /// The agreement of as many estimates as references, all of one length.
  package init(_ estimates: [[Double]], _ references: [[Double]]) {
    precondition(estimates.count == references.count && !estimates.isEmpty)
    let batches = Double(estimates.count)
    let gaps = zip(estimates, references).map { zip($0, $1).map { $0 - $1 } }
    count = references[0].count
    let size = references.reduce(0) { $0 + Self.square($1) } / batches
    let scale = Swift.max(size, .leastNormalMagnitude)
    norm = size.squareRoot()
    cosine =
      zip(estimates, references).reduce(0) { sum, pair in
        let product = zip(pair.0, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
        let length = (Self.square(pair.0) * Self.square(pair.1)).squareRoot()
        return sum + product / Swift.max(length, .leastNormalMagnitude)
      } / batches
    error = (gaps.reduce(0) { $0 + Self.square($1) } / batches / scale).squareRoot()
    bias = (Self.square(Self.mean(gaps)) / scale).squareRoot()
    biasError = (Self.variance(gaps) / batches / scale).squareRoot()
    variance = Self.variance(estimates) / scale
    referenceVariance = Self.variance(references) / scale
  }

  private static func square(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0 + $1 * $1 }
  }

  private static func mean(_ samples: [[Double]]) -> [Double] {
    samples[0].indices.map { number in
      samples.reduce(0) { $0 + $1[number] } / Double(samples.count)
    }
  }

  /// Σ over numbers of the unbiased variance between samples.
  private static func variance(_ samples: [[Double]]) -> Double {
    let center = mean(samples)
    let spread = samples.reduce(0) { sum, sample in
      sum + zip(sample, center).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    return samples.count > 1 ? spread / Double(samples.count - 1) : .nan
  }
}
