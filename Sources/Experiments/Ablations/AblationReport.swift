import Checkpoints
import Foundation
import MetaLearning
import Reports

/// An ablation in words and files.
extension Ablation {
  var repetitions: Int { configuration.ablation.repetitions }

  /// The tables in Markdown, ready for a README.
  package var markdown: String {
    let tables =
      [armTable] + (differences.isEmpty ? [] : [differenceTable])
      + (repetitions > 1 && !arms.isEmpty ? [robustTable] : [])
      + (arms.isEmpty ? [] : [costTable, choiceTable])
    return (tables.map(\.markdown) + [methods, protocolText + "\n"]).joined(separator: "\n")
  }

  /// One row per test run.
  package var csv: String {
    var text = "arm,repetition,seed,run,test_loss,test_accuracy\n"
    for cells in arms {
      for (repetition, cell) in cells.enumerated() {
        let seed = configuration.repeated(repetition).seed
        for (run, loss) in cell.objectives.enumerated() {
          let accuracy = cell.accuracies.isEmpty ? "" : "\(cell.accuracies[run])"
          text +=
            "\(cell.name.replacing(",", with: ";")),\(repetition + 1),\(seed),\(run),"
            + "\(loss.isFinite ? "\(loss)" : "diverged"),\(accuracy)\n"
        }
      }
    }
    return text
  }

  /// One row for each evaluation of test runs on their way, by arm and repetition.
  private var curvesCSV: String {
    var text = "arm,repetition,step,mean,quantile_10,quantile_90\n"
    for cells in arms {
      for (repetition, cell) in cells.enumerated() {
        let curve = cell.curve
        for (point, step) in curve.steps.enumerated() {
          text +=
            "\(cell.name.replacing(",", with: ";")),\(repetition + 1),\(step),\(curve.mean[point]),"
            + "\(curve.low[point]),\(curve.high[point])\n"
        }
      }
    }
    return text
  }

  /// Writes the tables, the runs and the figures into a folder that has the cells.
  ///
  /// - Returns: the figures to look at, or what kept them from being drawn.
  @discardableResult
  package func write(to folder: RunFolder) throws -> [String] {
    try AtomicFile.write(Array(markdown.utf8), to: "\(folder.path)/ablation.md")
    try AtomicFile.write(Array(csv.utf8), to: "\(folder.path)/runs.csv")
    try AtomicFile.write(Array(curvesCSV.utf8), to: "\(folder.path)/curves.csv")
    return figures.map { RunFigures.draw($0, named: $1, in: folder) }
  }
}
