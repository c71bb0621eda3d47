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
    let names = ["arm", "repetition", "seed", "run", "test_loss", "test_accuracy"]
    return CSV.line(names)
      + rows { cell, repetition in
        let seed = configuration.repeated(repetition).seed
        return cell.objectives.enumerated().map { run, loss in
          [
            "\(seed)", "\(run)", loss.isFinite ? "\(loss)" : "diverged",
            cell.accuracies.isEmpty ? "" : "\(cell.accuracies[run])",
          ]
        }
      }
  }

  /// One row for each evaluation of test runs on their way.
  private var curvesCSV: String {
    CSV.line(["arm", "repetition", "step", "mean", "quantile_10", "quantile_90"])
      + rows { cell, _ in
        let curve = cell.curve
        return curve.steps.enumerated().map { point, step in
          ["\(step)", "\(curve.mean[point])", "\(curve.low[point])", "\(curve.high[point])"]
        }
      }
  }

  /// Lines that begin with the arm and the repetition.
  private func rows(of values: (AblationCell, Int) -> [[String]]) -> String {
    arms.map { cells in
      cells.enumerated().map { repetition, cell in
        values(cell, repetition).map { CSV.line([cell.name, "\(repetition + 1)"] + $0) }.joined()
      }.joined()
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
      arms.map { cells in
        let curves = cells.map(\.curve)
        return CurvesFile.Repeated(
          name: cells[0].name, steps: curves[0].steps, means: curves.map(\.mean),
          quantiles: (curves.map(\.low), curves.map(\.high)))
      }, to: "\(folder.path)/curves.h5")
    // Of fewer repetitions there may be fewer pictures than a folder has.
    if !figures.contains(where: { $0.1 == Self.differenceName }) {
      RunFigures.remove(named: Self.differenceName, in: folder)
    }
    return figures.map { RunFigures.draw($0, named: $1, in: folder) }
  }
}
