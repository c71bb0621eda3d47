import Configurations
import Reports
import Settings

/// Pictures of a sweep: the objective that selection goes by, over the axes.
package enum SweepFigures {
  /// Draws into the sweep's folder: of a grid of one axis or two a line for each value of the
  /// second; of more axes and of random searches a cloud of points for each axis.
  ///
  /// - Returns: the files to look at, or what kept them from being drawn.
  package static func write(_ result: SweepResult) -> [String] {
    figures(result).map { RunFigures.draw($1, named: $0, in: RunFolder(result.folder.path)) }
  }

  /// Figures with their names.
  package static func figures(_ result: SweepResult) -> [(name: String, figure: ResponseFigure)] {
    let axes = result.plan.axes
    guard !axes.isEmpty else { return [] }
    if result.plan.search == .grid, axes.count <= 2 {
      return [("validation", lines(result))]
    }
    return axes.indices.map { ("validation-by-\(axes[$0].key)", cloud(result, along: $0)) }
  }

  /// Lines along the axis of numbers; along the first, if both are or neither is.
  private static func lines(_ result: SweepResult) -> ResponseFigure {
    let axes = result.plan.axes
    let isTurned =
      axes.count == 2 && SweepScale(axes[0]).isOfWords && !SweepScale(axes[1]).isOfWords
    let along = isTurned ? 1 : 0
    let scale = SweepScale(axes[along])
    let others = axes.count == 2 ? axes[1 - along].values : [""]
    let series = others.map { other in
      ResponseFigure.Series(
        name: axes.count == 2 ? "\(axes[1 - along].key) \(other)" : "",
        points: points(result, along, scale) { axes.count == 1 || $0[1 - along] == other }
          .sorted { $0.position < $1.position })
    }
    // Nothing lies between words.
    return figure(result, along, scale, isJoined: !scale.isOfWords, series)
  }

  private static func cloud(_ result: SweepResult, along axis: Int) -> ResponseFigure {
    let scale = SweepScale(result.plan.axes[axis])
    let all = ResponseFigure.Series(name: "", points: points(result, axis, scale) { _ in true })
    return figure(result, axis, scale, isJoined: false, [all])
  }

  private static func points(
    _ result: SweepResult, _ axis: Int, _ scale: SweepScale, where isShown: ([String]) -> Bool
  ) -> [ResponseFigure.Point] {
    result.rows.enumerated().compactMap { index, row in
      let values = row.records.compactMap { result.isValidated ? $0.validation : $0.loss }
      guard isShown(row.values), !values.isEmpty else { return nil }
      return ResponseFigure.Point(
        position: scale.position(of: row.values[axis]), values: values,
        isBest: index == result.best)
    }
  }

  private static func figure(
    _ result: SweepResult, _ axis: Int, _ scale: SweepScale, isJoined: Bool,
    _ series: [ResponseFigure.Series]
  ) -> ResponseFigure {
    let plan = result.plan
    let seeds = plan.seeds == 1 ? "one seed" : "means of \(plan.seeds) seeds"
    return ResponseFigure(
      title: "Sweep of \(plan.axes[axis].key)\n\(plan.cells[0].configuration.name); \(seeds)",
      xLabel: plan.axes[axis].key,
      yLabel: result.isValidated ? "best validation objective" : "test loss",
      positions: scale.positions, isJoined: isJoined, best: "best by validation", series: series)
  }
}

/// Where the values of an axis stand.
private struct SweepScale {
  let positions: ResponseFigure.Positions
  private let values: [String]

  init(_ axis: SweepAxis) {
    values = axis.values
    if let range = axis.range {
      positions = .numbers(isLogarithmic: range.isLogarithmic)
      return
    }
    let numbers = axis.values.compactMap { PlainNumber($0).flatMap { Double($0.text) } }
    guard numbers.count == axis.values.count, numbers.allSatisfy(\.isFinite) else {
      positions = .words(axis.values)
      return
    }
    // Values that people write over a decade or more are mostly ratios.
    let (least, greatest) = (numbers.min() ?? 0, numbers.max() ?? 0)
    positions = .numbers(isLogarithmic: least > 0 && greatest >= 8 * least)
  }

  var isOfWords: Bool { if case .words = positions { true } else { false } }

  func position(of value: String) -> Double {
    guard !isOfWords else { return Double((values.firstIndex(of: value) ?? 0) + 1) }
    return Double(value) ?? 0
  }
}
