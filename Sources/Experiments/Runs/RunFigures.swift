import Checkpoints
import Foundation
import MetaLearning
import TensorPrograms

/// The pictures of a finished run.
package enum RunFigures {
  /// Draws learning curves and learned rates into the run's folder.
  ///
  /// - Returns: the files to look at, or what kept them from being drawn.
  package static func write(_ result: RunResult) -> [String] {
    let figures: [(any Figure, String)] = [
      (curves(result.trajectory), "learning-curves"), (rates(result), "rates-by-tensor"),
    ]
    return figures.map { figure, name in
      let drawn = Gnuplot.draw(figure, named: name, in: result.folder.figures)
      return drawn.png ?? "\(drawn.script) (not drawn: \(drawn.warning ?? "unknown reason"))"
    }
  }

  private static func curves(_ trajectory: Trajectory) -> any Figure {
    let rows = trajectory.rows.filter { $0.step > 0 }
    let validated = rows.filter { $0.validation != nil }
    var series = [
      LearningCurves.Series(
        name: "training runs", x: rows.map { Double($0.step) }, middle: rows.map(\.objective))
    ]
    if !validated.isEmpty {
      series.append(
        LearningCurves.Series(
          name: "validation runs", x: validated.map { Double($0.step) },
          middle: validated.compactMap(\.validation)))
    }
    return LearningCurves(
      title: "Objective while learning rates", xLabel: "outer step", yLabel: "objective",
      series: series)
  }

  private static func rates(_ result: RunResult) -> any Figure {
    RatesByLayer(
      title: "Learned rates",
      tensors: result.rates.map { rates in
        RatesByLayer.Tensor(
          name: rates.name, rates: rates.learned, initialRate: rates.initial.first)
      })
  }
}
