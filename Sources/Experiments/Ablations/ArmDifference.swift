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
    accuracy =
      first[0].accuracies.isEmpty
      ? nil
      : PairedDifference(
        first: means(first, \.accuracies), second: means(second, \.accuracies), areMeans: true,
        generator: &stream)
  }

  /// Whether there is an interval: repetitions differ, and there is more than one.
  package var hasInterval: Bool { ArmDifference.hasInterval(loss) }

  /// The same of accuracies.
  package var hasAccuracyInterval: Bool { accuracy.map(ArmDifference.hasInterval) ?? false }

  private static func hasInterval(_ difference: PairedDifference) -> Bool {
    difference.count > 1 && !difference.saysNothing && difference.method != .none
  }

  /// Whether sign flips could reject at 5 %, so that a p-value says something.
  package var hasProbability: Bool {
    hasInterval && 2 * 0.5.power(loss.count) <= 1 - PairedDifference.level
  }

  /// What the interval says.
  package var verdict: String {
    guard hasInterval else {
      // One of the arms diverged in more than half of the repetitions, the other did not.
      return loss.count > 1 && loss.estimate.isInfinite
        ? loss.estimate < 0 ? "lower" : "higher" : "—"
    }
    if loss.interval.upperBound < 0 { return "lower" }
    if loss.interval.lowerBound > 0 { return "higher" }
    if let margin, loss.isEquivalent(within: margin) {
      return "equal within \(Format.number(margin))"
    }
    return "undecided"
  }
}

extension Double {
  fileprivate func power(_ count: Int) -> Double {
    (0..<count).reduce(1) { result, _ in result * self }
  }
}
