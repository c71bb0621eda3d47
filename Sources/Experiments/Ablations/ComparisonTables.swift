import Foundation
import MetaLearning
import Reports

/// A comparison as tables.
extension AblationComparison {
  /// All of them, with what is worth saying of so many arms and repetitions.
  var tables: [Table] {
    [armTable] + (differences.isEmpty ? [] : [differenceTable])
      + (repetitions > 1 ? [robustTable] : []) + (hasBreakEven ? [useTable] : [])
  }

  /// What the arms came to. No interval stands beside a single arm's mean: where repetitions are
  /// skewed, none covers 95 % at any number of them that an ablation has (`ShownIntervals`).
  var armTable: Table {
    let isRepeated = repetitions > 1
    let hasAccuracies = arms.contains { !$0.tests[0].accuracies.isEmpty }
    return Table(
      [.left("rates"), .right("test loss")]
        + (isRepeated ? [.right("sd of repetitions")] : [])
        + [.right("sd of runs")] + (hasAccuracies ? [.right("test accuracy")] : []),
      rows: arms.map { arm in
        let means = Summary(arm.means)
        let deviations = arm.tests.map { Summary($0.objectives).standardDeviation ?? .nan }
        let accuracies = arm.tests.map {
          $0.accuracies.isEmpty ? .nan : Summary($0.accuracies).mean
        }
        return [arm.name, Format.number(means.mean)]
          + (isRepeated ? [spread(means.standardDeviation)] : [])
          + [spread(deviations.reduce(0, +) / Double(deviations.count))]
          + (hasAccuracies
            ? [
              arm.tests[0].accuracies.isEmpty
                ? "—" : String(format: "%.2f %%", 100 * Summary(accuracies).mean)
            ] : [])
      })
  }

  /// The last arm minus each of the others.
  var differenceTable: Table {
    let isRepeated = repetitions > 1
    let differences = differences.map(\.difference)
    let hasIntervals = differences.contains { $0.hasInterval || $0.hasAccuracyInterval }
    let hasAccuracies = differences.contains { $0.accuracy != nil }
    let hasProbabilities = differences.contains(where: \.loss.canReject)
    return Table(
      [.left("paired difference"), .right("test loss")]
        + (hasIntervals ? [.left("95 % interval")] : [])
        + (isRepeated ? [.left("verdict")] : [])
        + (hasIntervals ? [.right("p (Holm)")] : [])
        + (hasProbabilities ? [.right("p of sign flips (Holm)")] : [])
        + (isRepeated ? [.right("lower in")] : [])
        + (hasAccuracies ? [.right("accuracy")] : [])
        + (hasAccuracies && hasIntervals ? [.left("95 % interval")] : []),
      rows: self.differences.map { judged in
        let item = judged.difference
        return [
          item.name + (item.loss.estimand == .median ? " (median)" : ""),
          item.loss.isOfDivergedRuns ? "—" : Format.signed(item.loss.estimate),
        ]
          + (hasIntervals ? [item.hasInterval ? interval(item.loss) : "—"] : [])
          + (isRepeated ? [judged.verdict] : [])
          + (hasIntervals
            ? [item.hasInterval ? probability(judged.pValue) : "—"] : [])
          + (hasProbabilities
            ? [item.loss.canReject ? probability(judged.signFlipPValue) : "—"] : [])
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
    let hasShareIntervals = differences.contains { $0.difference.improvement.interval != nil }
    return Table(
      [.left("arm"), .right("interquartile mean")]
        + (hasIntervals ? [.left("95 % interval")] : [])
        + [.right("\(arms[arms.count - 1].name) is lower")]
        + (hasShareIntervals ? [.left("95 % interval")] : []),
      rows: arms.enumerated().map { index, arm in
        let means = Summary(arm.means)
        let improvement =
          index < differences.count ? differences[index].difference.improvement : nil
        return [arm.name, Format.number(means.interquartileMean)]
          + (hasIntervals ? [interquartileInterval(means).map { Format.interval($0) } ?? "—"] : [])
          + [improvement.map { Format.percent($0.estimate) } ?? "—"]
          + (hasShareIntervals
            ? [improvement?.interval.map { Format.interval($0, Format.percent) } ?? "—"] : [])
      })
  }

  /// Whether any arm's interquartile mean has an interval.
  var hasInterquartileIntervals: Bool {
    arms.contains { interquartileInterval(Summary($0.means)) != nil }
  }

  /// The interval of an arm's interquartile mean; nil where none is shown.
  func interquartileInterval(_ means: Summary) -> ClosedRange<Double>? {
    means.count < ShownIntervals.interquartileMean
      ? nil : InterquartileMean.interval(ofSorted: means.sorted, level: PairedDifference.level)
  }

  /// When arms have paid for themselves against the first one.
  private var useTable: Table {
    Table(
      [
        .left("use"), .right("steps to the last loss of \(arms[0].name)"),
        .right("uses to break even"),
      ],
      rows: arms.dropFirst().map { arm in
        let pays = BreakEven(arm, against: arms[0])
        return [
          arm.name, pays.steps.map(String.init) ?? "never", pays.uses.map(String.init) ?? "never",
        ]
      })
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
