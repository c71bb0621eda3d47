import MetaLearning
import Reports

/// An ablation as pictures.
extension Ablation {
  static let differenceName = "paired-differences"

  /// The figures with their file names.
  var figures: [(any Figure, String)] {
    let pictures: [(any Figure, String)] = [
      (lossFigure, "test-losses"), (profileFigure, "performance-profiles"),
      (curveFigure, "inner-curves"),
    ]
    return differences.contains(where: \.hasInterval)
      ? [(differenceFigure, Self.differenceName)] + pictures : pictures
  }

  private var differenceFigure: IntervalFigure {
    let last = arms[arms.count - 1][0].name
    return IntervalFigure(
      title: "Paired differences: \(last) minus …",
      xLabel: "difference of test losses; left of 0, \(last) is lower",
      margin: configuration.ablation.margin,
      rows: zip(differences, arms).map { item, cells in
        // Without an interval the estimate stands alone.
        let estimate = item.loss.estimate
        return IntervalFigure.Row(
          name: cells[0].name, estimate: estimate,
          interval: item.hasInterval ? item.loss.interval : estimate...estimate)
      })
  }

  private var lossFigure: RepetitionFigure {
    RepetitionFigure(
      title: "Test losses, repetition by repetition",
      xLabel: "mean test loss of a repetition",
      middle: "interquartile mean"
        + (hasInterquartileIntervals ? " and 95 % interval" : ""),
      rows: arms.map { cells in
        let means = cells.map { Summary($0.objectives).mean }
        let summary = Summary(means)
        return RepetitionFigure.Row(
          name: cells[0].name, values: means, middle: summary.interquartileMean,
          interval: interquartileInterval(summary))
      })
  }

  /// Mean losses of test runs on their way, a line for each arm.
  private var curveFigure: LearningCurves {
    let shown = armsOfCurves
    let series = shown.map { cells in
      let steps = cells[0].curve.steps
      func over(_ values: (CurveSummary) -> [Double]) -> [Double] {
        steps.indices.map { point in Summary(cells.map { values($0.curve)[point] }).mean }
      }
      // More bands than two hide each other.
      let hasBands = shown.count <= 2
      return LearningCurves.Series(
        name: cells[0].name, x: steps.map(Double.init), middle: over(\.mean),
        low: hasBands ? over(\.low) : [], high: hasBands ? over(\.high) : [])
    }
    let all = series.flatMap { $0.middle + $0.low }
    return LearningCurves(
      title: "Mean losses of test runs" + ofArms(shown.count),
      xLabel: "inner step", yLabel: "test loss",
      isLogarithmic: all.allSatisfy { $0 > 0 },
      band: shown.count <= 2 ? CurveFiles.band : "", series: series)
  }

  /// More curves than eight cannot be told apart: the first arm, the last, and those of the lowest mean
  /// losses.
  private var armsOfCurves: [[AblationCell]] {
    let most = 8
    guard arms.count > most else { return arms }
    let means = arms.map { cells in Summary(cells.map { Summary($0.objectives).mean }).mean }
    let lowest = arms.indices.dropFirst().dropLast().sorted { means[$0] < means[$1] }.prefix(
      most - 2)
    return ([0] + lowest.sorted() + [arms.count - 1]).map { arms[$0] }
  }

  /// What of the arms a picture shows, where it is not all of them.
  private func ofArms(_ count: Int) -> String {
    count == arms.count ? "" : " (first, last and lowest of \(arms.count) arms)"
  }

  private var profileFigure: LearningCurves {
    let arms = armsOfCurves
    let scores = arms.map { $0.map(\.objectives) }
    let (thresholds, isLogarithmic) = PerformanceProfile.thresholds(
      for: scores.flatMap { $0.flatMap(\.self) })
    // More bands than four hide each other.
    let hasBands = arms.count <= 4 && repetitions >= ShownIntervals.share
    return LearningCurves(
      title: "Performance profiles of test runs" + ofArms(arms.count), xLabel: "test loss τ",
      yLabel: "fraction of runs with loss ≤ τ", isXLogarithmic: isLogarithmic,
      band: hasBands ? "95 % interval over repetitions" : "",
      series: zip(arms, scores).map { cells, scores in
        let profile = PerformanceProfile(scores, thresholds: thresholds)
        return LearningCurves.Series(
          name: cells[0].name, x: thresholds, middle: profile.fractions,
          low: hasBands ? profile.low : [], high: hasBands ? profile.high : [])
      })
  }
}
