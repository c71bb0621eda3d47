import MetaLearning
import Reports

/// Curves of training runs as files that others read, and as a figure.
package enum TrainingFiles {
  /// Writes `curves.h5` and `curves.csv` into a folder, and draws `figures/inner-curves`.
  ///
  /// - Returns: the picture, or what kept it from being drawn.
  package static func write(_ runs: TrainedRuns, to folder: RunFolder) throws -> String {
    try CurveFiles.write([("validation", runs.curves)], to: folder.path)
    return RunFigures.draw(figure(runs), named: "inner-curves", in: folder)
  }

  private static func figure(_ runs: TrainedRuns) -> any Figure {
    let curves = runs.curves
    let (evaluation, training) = (curves.evaluationSummaries(), curves.trainingSummaries())
    let isPositive = (evaluation + training).allSatisfy { $0.sorted[0] > 0 }
    return LearningCurves(
      title: "Losses of runs, step by step\n\(runs.configuration.name), seed "
        + "\(runs.configuration.seed); means of "
        + Format.count(curves.evaluationLosses.count, "validation run"),
      xLabel: "inner step", yLabel: "loss", isLogarithmic: isPositive, band: CurveFiles.band,
      series: [
        CurveFiles.series("evaluation data", curves.evaluatedSteps, evaluation),
        CurveFiles.series("training batches", Array(0..<curves.steps), training),
      ])
  }
}
