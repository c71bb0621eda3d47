import MetaLearning
import Reports

/// Whether learning helped, in words that the numbers allow.
package struct Verdict: Sendable, Equatable {
  /// One sentence.
  package let text: String
  /// Whether the test runs are in favour of what was learned, beyond chance.
  package let isInFavour: Bool

  private init(_ text: String, isInFavour: Bool) {
    self.text = text
    self.isInFavour = isInFavour
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
          + "learning\(value), which is therefore the best", isInFavour: false)
      return
    }
    let interval = difference.interval
    // Runs without randomness are one run, however many there are.
    let isOneRun = difference.saysNothing
    let estimate = difference.estimate
    if estimate.isNaN {
      self.init("the test runs diverged both ways and say nothing of learning", isInFavour: false)
    } else if estimate == 0, isOneRun {
      self.init("learning did not help: the test runs come to the same", isInFavour: false)
    } else if estimate >= 0 {
      let certainty = interval.lowerBound > 0 ? "" : ", though the interval contains 0"
      self.init(
        "learning did not help: its test loss is above the start's\(isOneRun ? "" : certainty)",
        isInFavour: false)
    } else if interval.upperBound >= 0, !isOneRun {
      self.init(
        "the test runs do not show that learning helped: the interval contains 0",
        isInFavour: false)
    } else {
      self.init("learning helped: its test loss is below the start's", isInFavour: true)
    }
  }
}
