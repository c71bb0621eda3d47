import Checkpoints
import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// The pictures of a finished run.
package enum RunFigures {
  /// Draws learning curves, learned rates and the losses of test runs into the run's folder.
  ///
  /// - Returns: the files to look at, or what kept them from being drawn.
  package static func write(_ result: RunResult) -> [String] {
    let figures: [(any Figure, String)] = [
      (curves(result), "learning-curves"), (rates(result), "rates-by-tensor"),
      (testRuns(result), "inner-curves"),
    ]
    return (figures + (signal(result).map { [($0, "signal")] } ?? [])).map {
      draw($0, named: $1, in: result.folder)
    }
  }

  /// Draws a figure into a folder.
  ///
  /// - Returns: the file to look at, or what kept it from being drawn.
  static func draw(_ figure: any Figure, named name: String, in folder: RunFolder) -> String {
    let drawn = Gnuplot.draw(figure, named: name, in: folder.figures)
    return drawn.png ?? "\(drawn.script) (not drawn: \(drawn.warning ?? "unknown reason"))"
  }

  /// Removes the files of a figure.
  static func remove(named name: String, in folder: RunFolder) {
    for ending in ["csv", "gp", "svg", "png"] { unlink("\(folder.figures)/\(name).\(ending)") }
  }

  private static func curves(_ result: RunResult) -> any Figure {
    let rows = result.trajectory.rows.filter { $0.step > 0 }
    // The start competes for best.
    let validated = result.trajectory.rows.filter { $0.validation != nil }
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
      title: "Objective while learning \(RunSentences(result.configuration).subject)",
      xLabel: "outer step", yLabel: "objective",
      series: series)
  }

  /// How much of each tensor's updates was taken for signal; nil where nothing shrinks updates.
  private static func signal(_ result: RunResult) -> (any Figure)? {
    let rows = result.trajectory.rows.filter { !$0.signal.isEmpty }
    guard let first = rows.first else { return nil }
    // More lines than eight cannot be told apart: those of the terms then.
    let layout = result.layout
    let groups: [(name: String, members: [Int])] =
      first.signal.count <= 8
      ? layout.names.enumerated().map { ("\($1)", [$0]) }
      : layout.termTexts.enumerated().map {
        ("\($1.name): \($1.text)", Array(layout.tensors(of: $0)))
      }
    return LearningCurves(
      title: "Mean factor that updates were multiplied by", xLabel: "outer step",
      yLabel: "factor: 0 for noise, 1 for signal",
      series: groups.map { name, members in
        LearningCurves.Series(
          name: name, x: rows.map { Double($0.step) },
          middle: rows.map { row in
            members.map { row.signal[$0] }.reduce(0, +) / Double(max(1, members.count))
          })
      })
  }

  /// Mean losses of the runs of a comparison, step by step.
  private static func testRuns(_ result: RunResult) -> any Figure {
    let (comparison, sentences) = (result.comparison, RunSentences(result.configuration))
    let summaries = comparison.curves.map { $0.curves.evaluationSummaries() }
    let names = [
      sentences.start,
      sentences.learned(step: comparison.step, isBest: comparison.validation != nil),
    ]
    let runs = comparison.initial.objectives.count
    return LearningCurves(
      title: "Mean losses of \(Format.count(runs, "test run")), step by step",
      xLabel: "inner step", yLabel: "test loss",
      isLogarithmic: summaries.joined().allSatisfy { $0.sorted[0] > 0 },
      band: sentences.isOneRun ? "" : CurveFiles.band,
      series: zip(names, zip(comparison.curves, summaries)).map { name, item in
        CurveFiles.series(name, item.0.curves.evaluatedSteps, item.1, hasBand: !sentences.isOneRun)
      })
  }

  /// The best rates and, where learning went on, the last ones below them.
  private static func rates(_ result: RunResult) -> any Figure {
    let rates = result.rates
    let isOneState = rates.bestStep == nil || rates.bestStep == rates.lastStep
    let title =
      rates.bestStep.map { best in
        isOneState
          ? "Rates, best by validation and last: outer step \(best)"
          : "Rates, best by validation (outer step \(best)) and last (outer step "
            + "\(rates.lastStep))"
      } ?? "Rates, last (outer step \(rates.lastStep)), without validation"
    let isLearned = result.configuration.outer.learning.changesRates
    return RatesByLayer(
      title: title, rateLabel: isLearned ? "learned rate" : "rate",
      tensors: rates.rows.flatMap { row in
        let states =
          isOneState
          ? [(row.name, row.last)]
          : [("\(row.name), best", row.best ?? row.last), ("\(row.name), last", row.last)]
        // One rate for a whole tensor is a line.
        let isUniform = row.initial.allSatisfy { $0 == row.initial[0] }
        return states.map { name, values in
          RatesByLayer.Tensor(
            name: name, rates: values, initialRate: isUniform ? row.initial.first : nil)
        }
      })
  }
}
