import Checkpoints
import Files
import MetaLearning
import Reports

/// Losses of runs on their way as files that others read, and as lines of a figure.
package enum CurveFiles {
  /// The quantiles of a curve's band.
  static let levels = (low: 0.1, high: 0.9)
  /// What the band of a curve is.
  package static let band = "10 to 90 % of runs"

  /// Evaluations on the way of test runs, besides the first: enough for a figure.
  static let evaluations = 50

  /// Steps between evaluations, so that runs of a length have at most so many besides the first.
  static func distance(steps: Int, evaluations: Int = evaluations) -> Int {
    (steps + evaluations - 1) / evaluations
  }

  /// Writes `curves.h5` and `curves.csv` into a folder.
  static func write(_ curves: [(name: String, curves: InnerCurves)], to folder: String) throws {
    try CurvesFile.write(curves, to: "\(folder)/curves.h5")
    try AtomicFile.write(Array(csv(curves).utf8), to: "\(folder)/curves.csv")
  }

  /// One line for each step of each curve.
  private static func csv(_ curves: [(name: String, curves: InnerCurves)]) -> String {
    func lines(
      _ run: String, _ loss: String, _ steps: [Int], _ summaries: [Summary]
    ) -> String {
      zip(steps, summaries).map { step, summary in
        "\(run),\(loss),\(step),\(summary.mean),\(summary.quantile(levels.low)),"
          + "\(summary.quantile(levels.high)),\(summary.count),\(summary.divergedCount)\n"
      }.joined()
    }
    return "curve,loss,step,mean,quantile_10,quantile_90,runs,diverged\n"
      + curves.map { name, curves in
        lines(name, "evaluation", curves.evaluatedSteps, curves.evaluationSummaries())
          + lines(name, "training", Array(0..<curves.steps), curves.trainingSummaries())
      }.joined()
  }

  /// A line of means, with the band of the middle 80 % of runs.
  static func series(
    _ name: String, _ steps: [Int], _ summaries: [Summary], hasBand: Bool = true
  ) -> LearningCurves.Series {
    LearningCurves.Series(
      name: name, x: steps.map(Double.init), middle: summaries.map(\.mean),
      low: hasBand ? summaries.map { $0.quantile(levels.low) } : [],
      high: hasBand ? summaries.map { $0.quantile(levels.high) } : [])
  }
}
