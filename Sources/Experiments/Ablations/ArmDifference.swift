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
  ///
  /// - Parameters:
  ///   - first: the arm that is held against the other.
  ///   - second: the other.
  ///   - margin: up to where differences do not matter; nil where none was declared.
  ///   - generator: flips signs.
  package init(
    _ first: TestedArm, _ second: TestedArm, margin: Double?, generator: RandomStream
  ) {
    name = "\(first.name) − \(second.name)"
    self.margin = margin
    var stream = generator
    let (a, b) = (first.means, second.means)
    loss = PairedDifference(first: a, second: b, areMeans: true, generator: &stream)
    wins = zip(a, b).count { $0 < $1 }
    improvement = ProbabilityOfImprovement(
      first: first.tests.map(\.objectives), second: second.tests.map(\.objectives))
    func accuracies(_ arm: TestedArm) -> [Double] { arm.tests.map { Summary($0.accuracies).mean } }
    accuracy =
      first.tests[0].accuracies.isEmpty
      ? nil
      : PairedDifference(
        first: accuracies(first), second: accuracies(second), areMeans: true, generator: &stream)
  }

  /// Whether an interval is shown: repetitions differ, and there are enough of them.
  package var hasInterval: Bool { ArmDifference.showsInterval(loss) }

  /// The same of accuracies.
  package var hasAccuracyInterval: Bool { accuracy.map(ArmDifference.showsInterval) ?? false }

  private static func showsInterval(_ difference: PairedDifference) -> Bool {
    difference.hasInterval && difference.count >= ShownIntervals.pairedMean
  }

  /// What is said of the difference as a member of a family that says so much of it.
  fileprivate func verdict(_ outcome: ComparisonFamily.Outcome) -> String {
    guard loss.count >= ShownIntervals.pairedMean else { return JudgedDifference.none }
    let within = margin.flatMap { margin in
      hasInterval && loss.isEquivalent(within: margin) ? " within \(Format.number(margin))" : nil
    }
    if outcome != .undecided { return outcome.rawValue + (within.map { "," + $0 } ?? "") }
    guard hasInterval else { return JudgedDifference.none }
    return within.map { "equal" + $0 } ?? outcome.rawValue
  }
}

/// A difference and what may be said of it beside the others of its family.
package struct JudgedDifference: Sendable {
  package let difference: ArmDifference
  /// `lower`, `higher`, `undecided`, `equal within …`, or `none`.
  package let verdict: String
  /// The p-value that the verdict follows from, adjusted.
  package let pValue: Double
  /// The p-value of sign flips, adjusted; 1 where there is none.
  let signFlipPValue: Double

  /// The verdict of too few repetitions, or of repetitions that are all one.
  static let none = "—"

  /// Whether the verdict is by how many repetitions diverged, without an interval.
  var isByDivergence: Bool { verdict != JudgedDifference.none && !difference.hasInterval }

  /// Differences that are declared and read together.
  package static func family(_ differences: [ArmDifference]) -> [JudgedDifference] {
    let family = ComparisonFamily(differences.map(\.loss))
    return differences.indices.map { index in
      JudgedDifference(
        difference: differences[index],
        verdict: differences[index].verdict(family.outcomes[index]),
        pValue: family.pValues[index], signFlipPValue: family.signFlipPValues[index])
    }
  }
}
