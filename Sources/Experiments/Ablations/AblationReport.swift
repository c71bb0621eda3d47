import Checkpoints
import Foundation
import MetaLearning
import Reports

/// An ablation in words and files.
extension Ablation {
  private var repetitions: Int { configuration.ablation.repetitions }

  /// The tables in Markdown, ready for a README.
  package var markdown: String {
    let tables = [armTable] + (differences.isEmpty ? [] : [differenceTable]) + [choiceTable]
    return (tables.map(\.markdown) + [protocolText + "\n"]).joined(separator: "\n")
  }

  private var armTable: Table {
    let isRepeated = repetitions > 1
    return Table(
      [.left("rates"), .right("test loss")]
        + (isRepeated ? [.left("95 % interval"), .right("sd of repetitions")] : [])
        + [
          .right("sd of runs"), .right("test accuracy"), .right("gradients"), .right("HVPs"),
          .right("gradient equivalents"), .right("seconds"),
        ],
      rows: arms.map { cells in
        let means = Summary(cells.map { Summary($0.objectives).mean })
        let deviations = cells.map { Summary($0.objectives).standardDeviation ?? .nan }
        let accuracies = cells.map { $0.accuracies.isEmpty ? .nan : Summary($0.accuracies).mean }
        func mean(_ number: (AblationCell) -> Int) -> String {
          "\((cells.map(number).reduce(0, +) + cells.count / 2) / cells.count)"
        }
        return [cells[0].name, Format.number(means.mean)]
          + (isRepeated ? [interval(of: means), spread(means.standardDeviation)] : [])
          + [
            spread(deviations.reduce(0, +) / Double(deviations.count)),
            cells[0].accuracies.isEmpty
              ? "—" : String(format: "%.2f %%", 100 * Summary(accuracies).mean),
            mean(\.gradients), mean(\.products), mean(\.budget.gradientEquivalents),
            Format.number(cells.map(\.seconds).reduce(0, +) / Double(cells.count)),
          ]
      })
  }

  private var differenceTable: Table {
    let hasIntervals = repetitions > 1
    let hasProbabilities = differences.contains(where: \.hasProbability)
    let adjusted = HolmAdjustment.adjusted(
      differences.map { $0.hasProbability ? $0.loss.pValue : 1 })
    return Table(
      [.left("paired difference"), .right("test loss")]
        + (hasIntervals ? [.left("95 % interval"), .left("verdict")] : [])
        + (hasProbabilities ? [.right("p (Holm)")] : [])
        + (hasIntervals ? [.right("lower in")] : [])
        + [.right("accuracy")] + (hasIntervals ? [.left("95 % interval")] : []),
      rows: zip(differences, adjusted).map { item, p in
        [
          item.name + (item.loss.estimand == .median ? " (median)" : ""),
          item.loss.isOfDivergedRuns ? "—" : signed(item.loss.estimate),
        ]
          + (hasIntervals
            ? [item.hasInterval ? interval(item.loss) : "—", item.verdict] : [])
          + (hasProbabilities ? [item.hasProbability ? probability(p) : "—"] : [])
          + (hasIntervals ? ["\(item.wins) of \(item.loss.count)"] : [])
          + [item.accuracy.map { signed(100 * $0.estimate) + " points" } ?? "—"]
          + (hasIntervals
            ? [
              item.accuracy.flatMap { item.hasAccuracyInterval ? interval($0, scale: 100) : nil }
                ?? "—"
            ] : [])
      })
  }

  private var choiceTable: Table {
    Table(
      [.right("repetition"), .right("seed")] + arms.map { .left($0[0].name) },
      rows: (0..<repetitions).map { repetition in
        ["\(repetition + 1)", "\(configuration.repeated(repetition).seed)"]
          + arms.map { $0[repetition].choice }
      })
  }

  private var protocolText: String {
    let ablation = configuration.ablation
    let isTable = configuration.task.isTable && configuration.objective != .training
    let rows = isTable ? ", chosen on rows that each run keeps from training" : ""
    let once = isTable ? "; test rows are seen once, here" : ""
    let cells = arms.flatMap(\.self)
    let same =
      cells.contains { Set($0.objectives).count > 1 }
      ? ""
      : " Nothing random tells the test runs of this task apart: they are one run, without intervals "
        + "and p."
    let tuned =
      cells.contains(where: \.hasTuned)
      ? " Tuning is evaluated on \(ablation.tuning.seeds) runs, and widened where the best lies at an edge\(rows)."
      : ""
    let last = configuration.repeated(repetitions - 1)
    let split =
      configuration.task.splitSeed.map { first in
        " and of test rows by `task.splitSeed` \(first) to \(last.task.splitSeed ?? first)"
      } ?? ""
    let repeated =
      repetitions == 1
      ? "One repetition, with seed \(configuration.seed): a description of what was chosen once, "
        + "without intervals or p. \(ablation.seeds) paired test runs"
      : "\(repetitions) repetitions of choosing and testing, with seeds \(configuration.seed) to "
        + "\(last.seed)\(split); each has \(ablation.seeds) paired test runs"
    let intervals =
      differences.contains(where: \.hasInterval)
      ? " Intervals are over repetitions, by "
        + Set(differences.filter(\.hasInterval).compactMap(\.loss.method.text)).sorted()
        .joined(separator: ", or ")
        + "; verdicts follow from them."
        + (ablation.margin == nil
          ? " No margin of equivalence was declared, so that nothing is called equal." : "")
      : ""
    let probabilities =
      differences.contains(where: \.hasProbability)
      ? " p: sign flips over repetitions, adjusted for \(differences.count) comparisons." : ""
    let diverged = cells.reduce(0) { $0 + $1.objectives.count { !$0.isFinite } }
    let divergence =
      diverged == 0
      ? ""
      : " \(diverged) of \(cells.count * ablation.seeds) test runs diverged and count as the worst: "
        + "where repetitions have some, differences are medians, with an interval from six "
        + "repetitions on."
    let methods = arms.map { $0[0].method }.joined(separator: " ")
    let weights = RunSentences.weights(
      zip(arms, armConfigurations).map { cells, own in
        (cells[0].name, own, cells.contains(where: \.hasOwnWeights))
      })
    let remarks = armConfigurations.flatMap { RunSentences($0).remarks }.unique
      .map { " " + $0.prefix(1).uppercased() + $0.dropFirst() + "." }.joined()
    return """
      \(repeated) after \(configuration.evaluationSteps) steps. \(methods)\(tuned) Tuning, learning \
      and test runs share no seed\(once). \(weights) A Hessian-vector product counts as \
      \(Budget.gradientsPerProduct) gradients; gradients, products and seconds are those of a \
      repetition.\(intervals)\(probabilities)\(divergence)\(same)\(remarks)
      """
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
            "\(cell.name),\(repetition + 1),\(seed),\(run),"
            + "\(loss.isFinite ? "\(loss)" : "diverged"),\(accuracy)\n"
        }
      }
    }
    return text
  }

  /// Writes the tables and the runs into a folder that has the cells.
  package func write(to folder: RunFolder) throws {
    try AtomicFile.write(Array(markdown.utf8), to: "\(folder.path)/ablation.md")
    try AtomicFile.write(Array(csv.utf8), to: "\(folder.path)/runs.csv")
  }

  private func interval(of means: Summary) -> String {
    guard means.count > 1, means.mean.isFinite, means.standardDeviation != 0 else { return "—" }
    let interval = StudentInterval.ofMean(of: means.sorted, level: PairedDifference.level)
    return "[\(plain(interval.lowerBound)), \(plain(interval.upperBound))]"
  }

  private func spread(_ deviation: Double?) -> String {
    deviation.map { $0.isNaN ? "—" : Format.number($0) } ?? "—"
  }

  private func plain(_ value: Double) -> String {
    (value < 0 ? "−" : "") + Format.number(abs(value))
  }

  private func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + plain(value) }

  private func interval(_ difference: PairedDifference, scale: Double = 1) -> String {
    difference.saysNothing
      ? "—"
      : "[\(signed(scale * difference.interval.lowerBound)), "
        + "\(signed(scale * difference.interval.upperBound))]"
  }

  private func probability(_ value: Double) -> String {
    value < 1e-4 ? "< 0.0001" : String(format: "%.4f", value)
  }
}
