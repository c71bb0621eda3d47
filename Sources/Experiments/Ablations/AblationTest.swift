import MetaLearning

/// What an arm's test runs of one length came to in one repetition.
package struct AblationTest: Codable, Sendable, Equatable {
  /// Losses; nil for one that diverged.
  private let losses: [Double?]
  /// Accuracies; empty where the task has none.
  package let accuracies: [Double]
  /// Losses on the way.
  package let curve: CurveSummary

  init(_ runs: InnerCurves) {
    losses = runs.end.objectives.map { $0.isFinite ? $0 : nil }
    accuracies = runs.end.accuracies
    curve = CurveSummary(runs)
  }

  /// Losses, +∞ for one that diverged.
  package var objectives: [Double] { losses.map { $0 ?? .infinity } }
}
