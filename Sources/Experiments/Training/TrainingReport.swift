import MetaLearning
import Reports
import Settings

/// What training with given rates came to, in words.
package enum TrainingReport {
  /// A few steps of the curves, and the test runs.
  package static func text(_ runs: TrainedRuns) -> String {
    let (configuration, curves) = (runs.configuration, runs.curves)
    let sentences = RunSentences(configuration)
    let (evaluation, training) = (curves.evaluationSummaries(), curves.trainingSummaries())
    let band = sentences.isOneRun ? [] : [Table.Column.left(CurveFiles.band)]
    let table = Table(
      [.right("inner step"), .right("training loss"), .right("evaluation loss")] + band,
      rows: shown(of: curves.evaluatedSteps.count).map { point in
        let step = curves.evaluatedSteps[point]
        let summary = evaluation[point]
        return [
          "\(step)", step < training.count ? Format.number(training[step].mean) : "—",
          Format.number(summary.mean),
        ]
          + band.map { _ in
            "[\(Format.number(summary.quantile(CurveFiles.levels.low))), "
              + "\(Format.number(summary.quantile(CurveFiles.levels.high)))]"
          }
      })
    let diverged = evaluation.last?.divergedCount ?? 0
    let loss = Summary(runs.test.objectives)
    let accuracy =
      runs.test.accuracies.isEmpty
      ? "" : ", accuracy \(Format.percent(Summary(runs.test.accuracies).mean))"
    let deviation =
      sentences.isOneRun
      ? "" : " ± \(Format.number(loss.standardDeviation ?? .nan)) (standard deviation)"
    let initial = configuration.rates.initial
    let lines =
      [
        "rates as they are: \(initial.word) \(initial.node.flowYAML)",
        (sentences.isOneRun
          ? "one validation run" : "\(evaluation[0].count) validation runs, means")
          + "; training losses are of a step's batch before the step:", table.text,
      ] + (diverged == 0 ? [] : ["\(diverged) of \(evaluation[0].count) runs diverged"]) + [
        sentences.headingWithoutLearning(runs: loss.count),
        "objective \(Format.number(loss.mean))\(deviation)\(accuracy)",
      ] + sentences.remarks
    return lines.joined(separator: "\n")
  }

  /// About ten points of a curve, the first and the last among them.
  private static func shown(of count: Int) -> [Int] {
    guard count > 12 else { return Array(0..<count) }
    return (0...10).map { ($0 * (count - 1) + 5) / 10 }
  }
}
