/// Comparisons that are declared and read together: what may be said of each of them, so that
/// something false is said of any in at most 5 % of families.
///
/// Each comparison has a p-value of its interval (`PairedDifference.intervalPValue`), which Holm
/// (1979) adjusts for the number of comparisons. Intervals as they are shown hold for one
/// comparison each: of seven true differences of zero, a fifth to a quarter of families have some
/// interval without zero.
package struct ComparisonFamily: Sendable {
  /// What may be said of a comparison.
  package enum Outcome: String, Sendable {
    /// The first arm scores lower.
    case lower
    /// The first arm scores higher.
    case higher
    /// Neither is shown.
    case undecided
  }

  /// What is said of each comparison.
  package let outcomes: [Outcome]
  /// The p-values that outcomes follow from, adjusted.
  package let pValues: [Double]
  /// The p-values of sign flips, adjusted; 1 where a comparison has none of its own.
  package let signFlipPValues: [Double]

  /// The family of some comparisons; those that say nothing count as members all the same.
  package init(_ comparisons: [PairedDifference]) {
    pValues = HolmAdjustment.adjusted(comparisons.map(\.intervalPValue))
    outcomes = zip(comparisons, pValues).map { comparison, p in
      guard p <= 1 - PairedDifference.level, comparison.estimate != 0 else { return .undecided }
      return comparison.estimate < 0 ? .lower : .higher
    }
    signFlipPValues = HolmAdjustment.adjusted(
      comparisons.map { $0.canReject ? $0.pValue : 1 })
  }
}
