import MetaLearning
import Reports

/// An ablation as pictures.
extension Ablation {
  /// The figures with their file names: those of a comparison end with its steps where there are
  /// several.
  var figures: [(any Figure, String)] {
    (comparisons.count > 1 ? [(horizonFigure, "test-losses-by-horizon")] : [])
      + comparisons.flatMap { comparison in
        comparison.figures.map { ($0, $1 + suffix(of: comparison)) }
      }
  }

  func suffix(of comparison: AblationComparison) -> String {
    comparisons.count == 1 ? "" : "-\(comparison.steps)-steps"
  }

  /// Mean losses of arms by how long test runs are, a line for each arm.
  private var horizonFigure: LearningCurves {
    let sorted = comparisons.sorted { $0.steps < $1.steps }
    let shown = AblationComparison.shownArms(comparisons)
    let series = shown.map { index in
      LearningCurves.Series(
        name: arms[index][0].name, x: sorted.map { Double($0.steps) },
        middle: sorted.map { Summary($0.arms[index].means).mean })
    }
    return LearningCurves(
      title: "Mean test losses by horizon" + comparisons[0].source(shown.count),
      xLabel: "steps of test runs", yLabel: "test loss", isXLogarithmic: true,
      isLogarithmic: series.allSatisfy { $0.middle.allSatisfy { $0 > 0 } }, band: "",
      series: series)
  }
}

/// A comparison as pictures.
extension AblationComparison {
  static let differenceName = "paired-differences"

  /// Whether any difference has an interval to be drawn.
  var hasDifferenceFigure: Bool { differences.contains(where: \.difference.hasInterval) }

  /// The figures with their names.
  fileprivate var figures: [(any Figure, String)] {
    let pictures: [(any Figure, String)] = [
      (lossFigure, "test-losses"), (profileFigure, "performance-profiles"),
      (curveFigure, "inner-curves"),
    ]
    return hasDifferenceFigure
      ? [(differenceFigure, AblationComparison.differenceName)] + pictures : pictures
  }

  private var length: String { Format.count(steps, "step") }

  private var differenceFigure: IntervalFigure {
    let last = arms[arms.count - 1].name
    return IntervalFigure(
      title: "Paired differences after \(length): \(last) minus …" + source(),
      xLabel: "difference of test losses; left of 0, \(last) is lower",
      margin: ablation.margin,
      rows: zip(differences.map(\.difference), arms).map { item, arm in
        // Without an interval the estimate stands alone.
        let estimate = item.loss.estimate
        return IntervalFigure.Row(
          name: arm.name, estimate: estimate,
          interval: item.hasInterval ? item.loss.interval : estimate...estimate)
      })
  }

  private var lossFigure: RepetitionFigure {
    RepetitionFigure(
      title: "Test losses after \(length), repetition by repetition" + source(),
      xLabel: "mean test loss of a repetition",
      middle: "interquartile mean"
        + (hasInterquartileIntervals ? " and 95 % interval" : ""),
      rows: arms.map { arm in
        let summary = Summary(arm.means)
        return RepetitionFigure.Row(
          name: arm.name, values: arm.means, middle: summary.interquartileMean,
          interval: interquartileInterval(summary))
      })
  }

  /// Mean losses of test runs on their way, a line for each arm.
  private var curveFigure: LearningCurves {
    let shown = shownArms.map { arms[$0] }
    let series = shown.map { arm in
      // More bands than two hide each other.
      let hasBands = shown.count <= 2
      return LearningCurves.Series(
        name: arm.name, x: arm.curveSteps.map(Double.init), middle: arm.curve(\.mean),
        low: hasBands ? arm.curve(\.low) : [], high: hasBands ? arm.curve(\.high) : [])
    }
    let all = series.flatMap { $0.middle + $0.low }
    return LearningCurves(
      title: "Mean losses of test runs of \(length)" + source(shown.count),
      xLabel: "inner step", yLabel: "test loss",
      isLogarithmic: all.allSatisfy { $0 > 0 },
      band: shown.count <= 2 ? CurveFiles.band : "", series: series)
  }

  /// More curves than eight cannot be told apart: the first arm, the last, and those of the lowest
  /// mean losses.
  fileprivate var shownArms: [Int] { AblationComparison.shownArms([self]) }

  /// The same of several horizons, at each of which an arm may have one of the lowest losses.
  fileprivate static func shownArms(_ comparisons: [AblationComparison]) -> [Int] {
    let (most, arms) = (8, comparisons[0].arms.indices)
    guard arms.count > most else { return Array(arms) }
    // An arm's best place at any horizon, then its place at the first of them.
    var places = [[Int]](repeating: [], count: arms.count)
    for comparison in comparisons {
      let means = comparison.arms.map { Summary($0.means).mean }
      for (place, arm) in arms.sorted(by: { means[$0] < means[$1] }).enumerated() {
        places[arm].append(place)
      }
    }
    let lowest = arms.dropFirst().dropLast().sorted {
      (places[$0].min()!, places[$0][0]) < (places[$1].min()!, places[$1][0])
    }
    return [0] + lowest.prefix(most - 2).sorted() + [arms.count - 1]
  }

  /// Of which runs a picture is, the second line of its title: also of which arms, where it does not
  /// show all of them.
  fileprivate func source(_ shown: Int? = nil) -> String {
    "\n\(name); \(Format.count(repetitions, "repetition")) of "
      + Format.count(ablation.seeds, "test run")
      + ((shown ?? arms.count) == arms.count
        ? "" : "; first, last and lowest of \(arms.count) arms")
  }

  private var profileFigure: LearningCurves {
    let shown = shownArms.map { arms[$0] }
    let scores = shown.map { $0.tests.map(\.objectives) }
    let (thresholds, isLogarithmic) = PerformanceProfile.thresholds(
      for: scores.flatMap { $0.flatMap(\.self) })
    // More bands than four hide each other.
    let hasBands = shown.count <= 4 && repetitions >= ShownIntervals.share
    return LearningCurves(
      title: "Performance profiles of test runs of \(length)" + source(shown.count),
      xLabel: "test loss τ",
      yLabel: "fraction of runs with loss ≤ τ", isXLogarithmic: isLogarithmic,
      band: hasBands ? "95 % interval over repetitions" : "",
      series: zip(shown, scores).map { arm, scores in
        let profile = PerformanceProfile(scores, thresholds: thresholds)
        return LearningCurves.Series(
          name: arm.name, x: thresholds, middle: profile.fractions,
          low: hasBands ? profile.low : [], high: hasBands ? profile.high : [])
      })
  }
}
