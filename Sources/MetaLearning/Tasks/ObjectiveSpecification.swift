import Settings

/// What rates are learned for.
public enum ObjectiveSpecification: Sendable, Equatable {
  /// The evaluation loss of the trained weights.
  case final
  /// The mean of the evaluation loss over all steps.
  case mean
  /// The evaluation loss after each step, weighted: one number per step, made to sum to 1.
  case weighted([Double])
  /// The mean over the steps of the training loss before each: what a learner pays on its way.
  case training

  /// The weight of the evaluation loss after each step; nil where only the last or none counts.
  func weights(steps: Int) -> [Double]? {
    switch self {
    case .final, .training: return nil
    case .mean: return [Double](repeating: 1 / Double(steps), count: steps)
    case .weighted(let weights):
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }
}

extension Form<ObjectiveSpecification> {
  /// A word, or weights by step.
  public static var objective: Form {
    .choice(
      "an objective",
      [
        Alternative("final", .final, "the evaluation loss of the trained weights"),
        Alternative("mean", .mean, "the mean of the evaluation loss over all steps"),
        Alternative(
          "weighted", [Double](), "the evaluation loss after each step, weighted",
          Setting(
            "weights", \.self, .list(of: .number(.nonnegative)), "one number an inner step"),
          value: { .weighted($0) },
          payload: { if case .weighted(let weights) = $0 { weights } else { nil } }),
        Alternative("training", .training, "the mean of the training loss before each step"),
      ])
  }
}
