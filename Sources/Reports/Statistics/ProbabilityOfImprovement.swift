/// How likely a run of one arm scores lower than the same run of another: P(X < Y) + P(X = Y)/2.
///
/// The form of Mann and Whitney (1947), as in Agarwal et al. 2021, but over pairs: run i of
/// repetition r of one arm meets run i of repetition r of the other, which share their seed and
/// their data; a tie is half. Two diverged runs tie, and a run that ends beats one that diverges.
/// Test runs of one repetition share what was chosen in it, so the unit of the interval is the
/// repetition.
package struct ProbabilityOfImprovement: Sendable, Equatable {
  /// The share of each repetition's pairs in which the first arm scored lower.
  package let byRepetition: [Double]
  /// Their mean.
  package let estimate: Double
  /// The 95 % interval; nil where repetitions are too few (`ShownIntervals`), or where they are all
  /// one, or all ties.
  package let interval: ClosedRange<Double>?

  /// Compares the scores of two arms, given by repetition and run.
  package init(first: [[Double]], second: [[Double]]) {
    precondition(
      first.map(\.count) == second.map(\.count) && !first.isEmpty && !first.contains { $0.isEmpty },
      "pairs need as many first scores as second ones in each repetition")
    byRepetition = zip(first, second).map { first, second in
      let wins = zip(first, second).reduce(0.0) { sum, pair in
        let difference = Divergence.difference(pair.0, pair.1)
        return sum + (difference < 0 ? 1 : difference == 0 ? 0.5 : 0)
      }
      return wins / Double(first.count)
    }
    estimate = byRepetition.reduce(0, +) / Double(byRepetition.count)
    let differences = zip(first, second).map { zip($0, $1).map(Divergence.difference) }
    let saysNothing =
      differences.allSatisfy { $0 == differences[0] }
      || differences.allSatisfy { $0.allSatisfy { $0 == 0 } }
    interval =
      saysNothing || byRepetition.count < ShownIntervals.share
      ? nil : ShareInterval.ofMean(of: byRepetition, level: PairedDifference.level)
  }
}
