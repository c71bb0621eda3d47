import Checkpoints
import Files
import Foundation
import MetaLearning
import Reports

/// An ablation in words and files.
extension Ablation {
  var repetitions: Int { configuration.ablation.repetitions }

  /// The tables in Markdown, ready for a README; under headings where there are several horizons.
  package var markdown: String {
    let isOne = comparisons.count == 1
    let byHorizon =
      isOne || arms.isEmpty
      ? [] : [horizonTable] + (arms.count > 1 ? [verdictTable] : [])
    let parts = comparisons.flatMap { comparison in
      (isOne ? [] : ["## Test runs of \(Format.count(comparison.steps, "step"))\n"])
        + comparison.tables.map(\.markdown)
    }
    let choosing = (isOne ? [] : ["## Choosing\n"]) + [costTable, choiceTable].map(\.markdown)
    return
      (byHorizon.map(\.markdown) + parts + (arms.isEmpty ? [] : choosing)
      + [methods, protocolText + "\n"]).joined(separator: "\n")
  }

  /// One row per test run.
  package var csv: String {
    let names = [
      "arm", "repetition", "horizon", "seed", "run", "test_loss", "test_accuracy",
    ]
    return CSV.line(names)
      + rows { test, repetition in
        let seed = configuration.repeated(repetition).seed
        return test.objectives.enumerated().map { run, loss in
          [
            "\(seed)", "\(run)", loss.isFinite ? "\(loss)" : "diverged",
            test.accuracies.isEmpty ? "" : "\(test.accuracies[run])",
          ]
        }
      }
  }

  /// One row for each evaluation of test runs on their way.
  private var curvesCSV: String {
    CSV.line(["arm", "repetition", "horizon", "step", "mean", "quantile_10", "quantile_90"])
      + rows { test, _ in
        let curve = test.curve
        return curve.steps.enumerated().map { point, step in
          ["\(step)", "\(curve.mean[point])", "\(curve.low[point])", "\(curve.high[point])"]
        }
      }
  }

  /// Lines that begin with the arm, the repetition and the steps of test runs.
  private func rows(of values: (AblationTest, Int) -> [[String]]) -> String {
    comparisons.flatMap { comparison in
      comparison.arms.flatMap { arm in
        arm.tests.enumerated().flatMap { repetition, test in
          values(test, repetition).map {
            CSV.line([arm.name, "\(repetition + 1)", "\(comparison.steps)"] + $0)
          }
        }
      }
    }.joined()
  }

  /// Writes the tables, the runs and the figures into a folder that has the cells.
  ///
  /// - Returns: the figures to look at, or what kept them from being drawn.
  package func write(to folder: RunFolder) throws -> [String] {
    try AtomicFile.write(Array(markdown.utf8), to: "\(folder.path)/ablation.md")
    try AtomicFile.write(Array(csv.utf8), to: "\(folder.path)/runs.csv")
    try AtomicFile.write(Array(curvesCSV.utf8), to: "\(folder.path)/curves.csv")
    try CurvesFile.write(
      comparisons.flatMap { comparison in
        comparison.arms.map { arm in
          let curves = arm.tests.map(\.curve)
          return CurvesFile.Repeated(
            name: arm.name, steps: curves[0].steps, means: curves.map(\.mean),
            quantiles: (curves.map(\.low), curves.map(\.high)))
        }
      }, to: "\(folder.path)/curves.h5")
    // Of fewer repetitions there may be fewer pictures than a folder has.
    for comparison in comparisons where !comparison.hasDifferenceFigure {
      RunFigures.remove(
        named: AblationComparison.differenceName + suffix(of: comparison), in: folder)
    }
    return figures.map { RunFigures.draw($0, named: $1, in: folder) }
  }
}
