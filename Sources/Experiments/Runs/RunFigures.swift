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
  static func write(_ result: RunResult) -> [String] {
    let figures: [(any Figure, String)] = [
      (curves(result), "learning-curves"), (rates(result), "rates-by-tensor"),
      (testRuns(result), "inner-curves"),
    ]
    let others = [
      ratesOverTime(result).map { ($0, "rates-over-time") }, signal(result).map { ($0, "signal") },
    ]
    return (figures + others.compactMap(\.self)).map { draw($0, named: $1, in: result.folder) }
  }

  /// Draws a figure into a folder.
  ///
  /// - Returns: the file to look at, or what kept it from being drawn.
  static func draw(_ figure: any Figure, named name: String, in folder: RunFolder) -> String {
    let drawn = Gnuplot.draw(figure, named: name, in: folder.figures)
    return drawn.png ?? "\(drawn.script) (not drawn: \(drawn.warning ?? "unknown reason"))"
  }

  /// Of which run a figure is, and of what in it: the second line of its title.
  private static func source(_ result: RunResult, _ detail: String) -> String {
    "\n\(result.configuration.name), seed \(result.configuration.seed); \(detail)"
  }

  /// Removes the files of a figure.
  static func remove(named name: String, in folder: RunFolder) {
    for ending in ["csv", "gp", "svg", "png"] { unlink("\(folder.figures)/\(name).\(ending)") }
  }

  private static func curves(_ result: RunResult) -> any Figure {
    let outer = result.configuration.outer
    let rows = result.trajectory.rows.filter { $0.step > 0 }
    // The start competes for best.
    let validated = result.trajectory.rows.filter { $0.validation != nil }
    let training = banded(rows.map { (Double($0.step), $0.objective) })
    return LearningCurves(
      title: "Objective while learning \(RunSentences(result.configuration).subject)"
        + source(
          result,
          "means of \(Format.count(outer.tasks, "training run")) a step"
            + (validated.isEmpty
              ? "" : ", and of \(Format.count(outer.validation.tasks, "validation run"))")),
      xLabel: "outer step", yLabel: "objective",
      band: training.low.isEmpty ? "" : "10–90 % of these steps",
      // The first is drawn on top.
      series: (validated.isEmpty
        ? []
        : [
          LearningCurves.Series(
            name: "validation runs", x: validated.map { Double($0.step) },
            middle: validated.compactMap(\.validation))
        ]) + [training])
  }

  /// Training objectives step by step or, where there are too many steps to see anything behind
  /// them, means and the middle 80 % of neighboring ones.
  private static func banded(_ points: [(x: Double, y: Double)]) -> LearningCurves.Series {
    let size = points.count / mostPoints + 1
    guard size > 1 else {
      return LearningCurves.Series(
        name: "training runs", x: points.map(\.x), middle: points.map(\.y))
    }
    let groups = stride(from: 0, to: points.count, by: size).map {
      points[$0..<min($0 + size, points.count)]
    }
    let summaries = groups.map { Summary($0.map(\.y)) }
    return LearningCurves.Series(
      name: "training runs, means of \(size) recorded steps",
      x: groups.map { group in group.reduce(0) { $0 + $1.x } / Double(group.count) },
      middle: summaries.map(\.mean), low: summaries.map { $0.quantile(0.1) },
      high: summaries.map { $0.quantile(0.9) })
  }

  /// Training objectives that a line shows one by one.
  private static let mostPoints = 50

  /// Rates of each tensor over the steps of a run; nil where they are constant.
  private static func ratesOverTime(_ result: RunResult) -> (any Figure)? {
    guard let steps = result.layout.rowSteps, steps.count > 1 else { return nil }
    let rows = result.rates.rows
    let isPositive = rows.allSatisfy { ($0.best ?? $0.last).allSatisfy { $0 > 0 } }
    let which =
      result.rates.bestStep.map { "best by validation, outer step \($0)" }
      ?? "last, outer step \(result.rates.lastStep)"
    return LearningCurves(
      title: "Rates over a run: medians of tensors" + source(result, which), xLabel: "inner step",
      yLabel: "rate", isLogarithmic: isPositive,
      // More than a few bands hide one another.
      band: rows.count <= 4 ? "25–75 % of the tensor's rates" : "",
      series: rows.map { row in
        let values = row.best ?? row.last
        let width = values.count / steps.count
        let summaries = steps.indices.map {
          Summary(Array(values[$0 * width..<($0 + 1) * width]))
        }
        func quantiles(_ level: Double) -> [Double] {
          rows.count <= 4 ? summaries.map { $0.quantile(level) } : []
        }
        return LearningCurves.Series(
          name: row.name, x: steps, middle: summaries.map { $0.quantile(0.5) },
          low: quantiles(0.25), high: quantiles(0.75))
      })
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
      title: "Mean factor that updates were multiplied by"
        + source(result, "over \(Format.count(result.configuration.outer.tasks, "run")) a step"),
      xLabel: "outer step",
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
      title: "Losses of test runs, step by step"
        + source(result, "means of \(Format.count(runs, "test run"))"),
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
      title: title
        + source(
          result,
          Format.count(result.layout.parameters.shapes.reduce(0) { $0 + $1.count }, "parameter")),
      rateLabel: isLearned ? "learned rate" : "rate",
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
