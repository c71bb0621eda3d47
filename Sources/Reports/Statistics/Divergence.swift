/// What a run that diverged counts for: the worst score there is, and never nothing.
///
/// Scores in these statistics are losses or errors: lower is better. A run whose score is not a
/// finite number (`nan`, `inf` and also `-inf`, which no loss can honestly reach) scores +∞.
/// Dropping it would reward the arm that diverges; a large finite stand-in would let an arbitrary
/// number decide. What follows from +∞:
///
/// - `Summary`: mean, standard deviation and standard error are infinite; the median, quantiles and
///   the interquartile mean stay finite while few enough runs diverge.
/// - `PairedDifference`: a pair in which only the first diverged differs by +∞, only the second by
///   -∞, and both by 0, a tie. As soon as one difference is infinite, the interval is that of the
///   median and the test is that of signed ranks; both need only the order of the differences.
package enum Divergence {
  /// The score of a diverged run.
  package static let score = Double.infinity

  /// The score that enters the statistics: the value itself where finite, else the worst.
  package static func scored(_ value: Double) -> Double {
    value.isFinite ? value : score
  }

  /// How much worse the first of a pair is than the second, two diverged runs being equally bad.
  package static func difference(_ first: Double, _ second: Double) -> Double {
    let (first, second) = (scored(first), scored(second))
    return first == second ? 0 : first - second
  }
}
