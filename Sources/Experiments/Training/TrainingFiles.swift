import Checkpoints
import Foundation
import MetaLearning
import Reports

/// Curves of training runs as files that others read, and as a figure.
package enum TrainingFiles {
  /// The quantiles of a curve's band.
  static let levels = (low: 0.1, high: 0.9)
  /// What the band of a curve is.
  package static let band = "10 to 90 % of runs"

  /// Writes `curves.h5` and `curves.csv` into a folder, and draws `figures/inner-curves`.
  ///
  /// - Returns: the picture, or what kept it from being drawn.
  package static func write(_ runs: TrainedRuns, to folder: RunFolder) throws -> String {
    try CurvesFile.write([("validation", runs.curves)], to: "\(folder.path)/curves.h5")
    try AtomicFile.write(Array(csv(runs.curves).utf8), to: "\(folder.path)/curves.csv")
    return RunFigures.draw(figure(runs), named: "inner-curves", in: folder)
  }

  /// One line for each step of each curve.
  private static func csv(_ curves: InnerCurves) -> String {
    func lines(_ name: String, _ steps: [Int], _ summaries: [Summary]) -> String {
      zip(steps, summaries).map { step, summary in
        "\(name),\(step),\(summary.mean),\(summary.quantile(levels.low)),"
          + "\(summary.quantile(levels.high)),\(summary.count),\(summary.divergedCount)\n"
      }.joined()
    }
    return "loss,step,mean,quantile_10,quantile_90,runs,diverged\n"
      + lines("evaluation", curves.evaluatedSteps, curves.evaluationSummaries())
      + lines("training", Array(0..<curves.steps), curves.trainingSummaries())
  }

  private static func figure(_ runs: TrainedRuns) -> any Figure {
    func series(_ name: String, _ steps: [Int], _ summaries: [Summary]) -> LearningCurves.Series {
      LearningCurves.Series(
        name: name, x: steps.map(Double.init), middle: summaries.map(\.mean),
        low: summaries.map { $0.quantile(levels.low) },
        high: summaries.map { $0.quantile(levels.high) })
    }
    let curves = runs.curves
    let (evaluation, training) = (curves.evaluationSummaries(), curves.trainingSummaries())
    let isPositive = (evaluation + training).allSatisfy { $0.sorted[0] > 0 }
    return LearningCurves(
      title: "\(runs.configuration.name): mean losses of \(curves.evaluationLosses.count) runs",
      xLabel: "inner step", yLabel: "loss", isLogarithmic: isPositive, band: band,
      series: [
        series("evaluation data", curves.evaluatedSteps, evaluation),
        series("training batches", Array(0..<curves.steps), training),
      ])
  }
}
