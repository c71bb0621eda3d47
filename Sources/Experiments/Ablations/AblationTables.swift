import Foundation
import MetaLearning
import Reports

/// An ablation as tables.
extension Ablation {
  /// What the arms came to. No interval stands beside a single arm's mean: where repetitions are
  /// skewed, none covers 95 % at any number of them that an ablation has (`ShownIntervals`).
  var armTable: Table {
    let isRepeated = repetitions > 1
    let hasAccuracies = arms.contains { !$0[0].accuracies.isEmpty }
    return Table(
      [.left("rates"), .right("test loss")]
        + (isRepeated ? [.right("sd of repetitions")] : [])
        + [.right("sd of runs")] + (hasAccuracies ? [.right("test accuracy")] : []),
      rows: arms.map { cells in
        let means = Summary(cells.map { Summary($0.objectives).mean })
        let deviations = cells.map { Summary($0.objectives).standardDeviation ?? .nan }
        let accuracies = cells.map { $0.accuracies.isEmpty ? .nan : Summary($0.accuracies).mean }
        return [cells[0].name, Format.number(means.mean)]
          + (isRepeated ? [spread(means.standardDeviation)] : [])
          + [spread(deviations.reduce(0, +) / Double(deviations.count))]
          + (hasAccuracies
            ? [
              cells[0].accuracies.isEmpty
                ? "—" : String(format: "%.2f %%", 100 * Summary(accuracies).mean)
            ] : [])
      })
  }

  /// What choosing cost, and when it has paid for itself against the first arm.
  var costTable: Table {
    Table(
      [
        .left("cost of choosing"), .right("gradients"), .right("HVPs"),
        .right("gradient equivalents"), .right("seconds"),
      ]
        + (hasBreakEven
          ? [.right("steps to the loss of \(arms[0][0].name)"), .right("uses to break even")] : []),
      rows: arms.enumerated().map { index, cells in
        func mean(_ number: (AblationCell) -> Int) -> String {
          "\((cells.map(number).reduce(0, +) + cells.count / 2) / cells.count)"
        }
        let pays = BreakEven(cells, against: arms[0])
        return [
          cells[0].name, mean(\.gradients), mean(\.products), mean(\.budget.gradientEquivalents),
          Format.number(cells.map(\.seconds).reduce(0, +) / Double(cells.count)),
        ]
          + (hasBreakEven
            ? index == 0
              ? ["—", "—"]
              : [pays.steps.map(String.init) ?? "never", pays.uses.map(String.init) ?? "never"]
            : [])
      })
  }

  /// Whether uses until an arm has paid for itself mean something: the loss that runs are compared by
  /// is the last one of their curves.
  var hasBreakEven: Bool { arms.count > 1 && configuration.objective == .final }

  /// The last arm minus each of the others.
  var differenceTable: Table {
    let isRepeated = repetitions > 1
    let hasIntervals = differences.contains { $0.hasInterval || $0.hasAccuracyInterval }
    let hasAccuracies = differences.contains { $0.accuracy != nil }
    let hasProbabilities = differences.contains(where: \.loss.canReject)
    let family = ComparisonFamily(differences.map(\.loss))
    let verdicts = ArmDifference.verdicts(differences)
    return Table(
      [.left("paired difference"), .right("test loss")]
        + (hasIntervals ? [.left("95 % interval")] : [])
        + (isRepeated ? [.left("verdict")] : [])
        + (hasIntervals ? [.right("p (Holm)")] : [])
        + (hasProbabilities ? [.right("p of sign flips (Holm)")] : [])
        + (isRepeated ? [.right("lower in")] : [])
        + (hasAccuracies ? [.right("accuracy")] : [])
        + (hasAccuracies && hasIntervals ? [.left("95 % interval")] : []),
      rows: differences.enumerated().map { index, item in
        [
          item.name + (item.loss.estimand == .median ? " (median)" : ""),
          item.loss.isOfDivergedRuns ? "—" : Format.signed(item.loss.estimate),
        ]
          + (hasIntervals ? [item.hasInterval ? interval(item.loss) : "—"] : [])
          + (isRepeated ? [verdicts[index]] : [])
          + (hasIntervals
            ? [item.hasInterval ? probability(family.pValues[index]) : "—"] : [])
          + (hasProbabilities
            ? [item.loss.canReject ? probability(family.signFlipPValues[index]) : "—"] : [])
          + (isRepeated ? ["\(item.wins) of \(item.loss.count)"] : [])
          + (hasAccuracies
            ? [item.accuracy.map { Format.signed(100 * $0.estimate) + " points" } ?? "—"] : [])
          + (hasAccuracies && hasIntervals
            ? [
              item.accuracy.flatMap { item.hasAccuracyInterval ? interval($0, scale: 100) : nil }
                ?? "—"
            ] : [])
      })
  }

  /// What few repetitions cannot move, and how often the last arm does better.
  var robustTable: Table {
    let hasIntervals = hasInterquartileIntervals
    let hasShareIntervals = differences.contains { $0.improvement.interval != nil }
    return Table(
      [.left("arm"), .right("interquartile mean")]
        + (hasIntervals ? [.left("95 % interval")] : [])
        + [.right("\(arms[arms.count - 1][0].name) is lower")]
        + (hasShareIntervals ? [.left("95 % interval")] : []),
      rows: arms.enumerated().map { index, cells in
        let means = Summary(cells.map { Summary($0.objectives).mean })
        let improvement = index < differences.count ? differences[index].improvement : nil
        return [cells[0].name, Format.number(means.interquartileMean)]
          + (hasIntervals ? [interquartileInterval(means).map { Format.interval($0) } ?? "—"] : [])
          + [improvement.map { Format.percent($0.estimate) } ?? "—"]
          + (hasShareIntervals
            ? [improvement?.interval.map { Format.interval($0, Format.percent) } ?? "—"] : [])
      })
  }

  /// Whether any arm's interquartile mean has an interval.
  var hasInterquartileIntervals: Bool {
    arms.contains { interquartileInterval(Summary($0.map { Summary($0.objectives).mean })) != nil }
  }

  /// The interval of an arm's interquartile mean; nil where none is shown.
  func interquartileInterval(_ means: Summary) -> ClosedRange<Double>? {
    means.count < ShownIntervals.interquartileMean
      ? nil : InterquartileMean.interval(ofSorted: means.sorted, level: PairedDifference.level)
  }

  /// What was chosen in each repetition.
  var choiceTable: Table {
    Table(
      [.left("chosen by")]
        + (0..<repetitions).map { .left("seed \(configuration.repeated($0).seed)") },
      rows: arms.map { cells in [cells[0].name] + cells.map(\.choice) })
  }

  private func spread(_ deviation: Double?) -> String {
    deviation.map { $0.isNaN ? "—" : Format.number($0) } ?? "—"
  }

  private func interval(_ difference: PairedDifference, scale: Double = 1) -> String {
    difference.saysNothing
      ? "—"
      : Format.interval(difference.interval) { Format.signed(scale * $0) }
  }

  private func probability(_ value: Double) -> String {
    value < 1e-4 ? "< 0.0001" : String(format: "%.4f", value)
  }
}
