import MetaLearning
import Reports
import TensorPrograms

/// One arm minus another. The unit is the repetition: test runs of one repetition share what was
/// chosen, and tell how well that does, not how well the arm chooses.
package struct ArmDifference: Sendable {
  package let name: String
  /// Of repetitions' mean test losses.
  package let loss: PairedDifference
  /// Of repetitions' mean accuracies; nil where there are none.
  package let accuracy: PairedDifference?
  /// In how many repetitions the first arm had the lower mean loss.
  package let wins: Int
  /// How likely the first arm has the lower loss in a test run.
  package let improvement: ProbabilityOfImprovement
  private let margin: Double?

  /// The first arm minus the second, repetition by repetition.
  package init(
    _ first: [AblationCell], _ second: [AblationCell], seed: UInt64, margin: Double?
  ) {
    name = "\(first[0].name) − \(second[0].name)"
    self.margin = margin
    var stream = RandomStream(seed: seed, purpose: "sign flips \(second[0].name)")
    func means(_ cells: [AblationCell], _ scores: (AblationCell) -> [Double]) -> [Double] {
      cells.map { Summary(scores($0)).mean }
    }
    let (a, b) = (means(first, \.objectives), means(second, \.objectives))
    loss = PairedDifference(first: a, second: b, areMeans: true, generator: &stream)
    wins = zip(a, b).count { $0 < $1 }
    improvement = ProbabilityOfImprovement(
      first: first.map(\.objectives), second: second.map(\.objectives))
    accuracy =
      first[0].accuracies.isEmpty
      ? nil
      : PairedDifference(
        first: means(first, \.accuracies), second: means(second, \.accuracies), areMeans: true,
        generator: &stream)
  }

  /// Whether an interval is shown: repetitions differ, and there are enough of them.
  package var hasInterval: Bool { ArmDifference.showsInterval(loss) }

  /// The same of accuracies.
  package var hasAccuracyInterval: Bool { accuracy.map(ArmDifference.showsInterval) ?? false }

  private static func showsInterval(_ difference: PairedDifference) -> Bool {
    difference.hasInterval && difference.count >= ShownIntervals.pairedMean
  }

  /// What the differences of an ablation say, as one family.
  package static func verdicts(_ differences: [ArmDifference]) -> [String] {
    let family = ComparisonFamily(differences.map(\.loss))
    return zip(differences, family.outcomes).map { $0.verdict($1) }
  }

  private func verdict(_ outcome: ComparisonFamily.Outcome) -> String {
    guard loss.count >= ShownIntervals.pairedMean else { return "—" }
    let within = margin.flatMap { margin in
      hasInterval && loss.isEquivalent(within: margin) ? " within \(Format.number(margin))" : nil
    }
    if outcome != .undecided { return outcome.rawValue + (within.map { "," + $0 } ?? "") }
    guard hasInterval else { return "—" }
    return within.map { "equal" + $0 } ?? outcome.rawValue
  }
}
