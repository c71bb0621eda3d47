import Reports
import TensorPrograms

/// How often an ablation of arms that do not differ says that any of them do.
package struct LevelSimulation: Sendable {
  /// How many comparisons the family has: eight arms, each of the others against the last.
  package static let comparisons = 7

  package let errors: SimulatedErrors
  package let repetitions: Int
  /// The chance of a test run to diverge.
  package let divergence: Double
  package let trials: Int
  /// In how many families some verdict is `lower` or `higher`.
  package let falseVerdicts: Int
  /// In how many some adjusted p-value of sign flips is at most 5 %.
  package let falseSignFlips: Int
  /// In how many some interval, read by itself, leaves 0 out.
  package let falseIntervals: Int

  package init(
    _ errors: SimulatedErrors, repetitions: Int, divergence: Double = 0, trials: Int
  ) {
    (self.errors, self.repetitions) = (errors, repetitions)
    (self.divergence, self.trials) = (divergence, trials)
    let pair = SimulatedPair(errors, .equal)
    var stream = RandomStream(
      seed: UInt64(repetitions), purpose: "level of \(errors.rawValue), \(divergence)")
    var (verdicts, signFlips, intervals) = (0, 0, 0)
    for _ in 0..<trials {
      func arm() -> [Double] {
        (0..<repetitions).map { _ in
          let scores = pair.first(SimulatedPair.runs, &stream).map {
            divergence > 0 && stream.uniform() < divergence ? Divergence.score : $0
          }
          return Summary(scores).mean
        }
      }
      let last = arm()
      let comparisons = (0..<Self.comparisons).map { _ in
        PairedDifference(first: last, second: arm(), areMeans: true, generator: &stream)
      }
      let family = ComparisonFamily(comparisons)
      if family.outcomes.contains(where: { $0 != .undecided }) { verdicts += 1 }
      if family.signFlipPValues.contains(where: { $0 <= 1 - PairedDifference.level }) {
        signFlips += 1
      }
      if comparisons.contains(where: { $0.hasInterval && !$0.interval.contains(0) }) {
        intervals += 1
      }
    }
    (falseVerdicts, falseSignFlips, falseIntervals) = (verdicts, signFlips, intervals)
  }
}
