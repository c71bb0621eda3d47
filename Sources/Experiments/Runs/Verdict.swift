import MetaLearning
import Reports

/// Whether learning helped, in words that the numbers allow.
package struct Verdict: Sendable, Equatable {
  /// One sentence.
  package let text: String
  /// Whether the test runs are in favor of what was learned, beyond chance.
  package let isInFavor: Bool

  private init(_ text: String, isInFavor: Bool) {
    self.text = text
    self.isInFavor = isInFavor
  }

  init(_ comparison: RateComparison) {
    self.init(comparison.difference, validation: comparison.validation)
  }

  /// - Parameters:
  ///   - difference: learned minus start in test loss; nil where the start is the best state.
  ///   - validation: the objective of the best state.
  package init(_ difference: PairedDifference?, validation: Double?) {
    guard let difference else {
      let value = validation.map { " (\(Format.number($0)))" } ?? ""
      self.init(
        "learning did not help: no state that was validated is better than the one before "
          + "learning\(value), which is therefore the best", isInFavor: false)
      return
    }
    let interval = difference.interval
    // Runs without randomness are one run, however many there are.
    let isOneRun = difference.saysNothing
    let estimate = difference.estimate
    if estimate.isNaN {
      self.init("the test runs diverged both ways and say nothing of learning", isInFavor: false)
    } else if estimate == 0, isOneRun {
      self.init("learning did not help: the test runs come to the same", isInFavor: false)
    } else if estimate >= 0 {
      let certainty = interval.lowerBound > 0 ? "" : ", though the interval contains 0"
      self.init(
        "learning did not help: its test loss is above the start's\(isOneRun ? "" : certainty)",
        isInFavor: false)
    } else if interval.upperBound >= 0, !isOneRun {
      self.init(
        "the test runs do not show that learning helped: the interval contains 0",
        isInFavor: false)
    } else {
      self.init("learning helped: its test loss is below the start's", isInFavor: true)
    }
  }
}
