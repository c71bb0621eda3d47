import Checkpoints
import Foundation
import MetaLearning
import Reports

/// An ablation in words and files.
extension Ablation {
  /// The tables in Markdown, ready for a README.
  package var markdown: String {
    let budgets = arms.map { arm in
      [
        arm.name, arm.choice, mean(arm.test.objectives), mean(arm.test.accuracies, percent: true),
        "\(arm.budget.gradients)", "\(arm.budget.products)", "\(arm.budget.gradientEquivalents)",
      ]
    }
    let table = Table(
      [
        .left("rates"), .left("chosen"), .right("test loss"), .right("test accuracy"),
        .right("gradients"), .right("HVPs"), .right("gradient equivalents"),
      ], rows: budgets)
    let comparisons = Table(
      [
        .left("paired difference"), .right("test loss"), .left("95 % interval"), .right("p"),
        .right("accuracy"), .left("95 % interval"),
      ],
      rows: differences.map { item in
        [
          item.name + (item.loss.estimand == .median ? " (median)" : ""),
          item.loss.isOfDivergedRuns ? "—" : signed(item.loss.estimate), interval(item.loss),
          item.loss.saysNothing ? "—" : probability(item.loss.pValue),
          item.accuracy.map { signed(100 * $0.estimate) + " points" } ?? "—",
          item.accuracy.map { interval($0, scale: 100) } ?? "—",
        ]
      })
    let tables = [table.markdown] + (differences.isEmpty ? [] : [comparisons.markdown])
    return (tables + [protocolText + "\n"]).joined(separator: "\n")
  }

  private var protocolText: String {
    let tuning = configuration.ablation.tuning
    let isTable = configuration.task.isTable && configuration.objective != .training
    let rows = isTable ? ", chosen on rows that each run keeps from training" : ""
    let once = isTable ? "; test rows are seen once, here" : ""
    let same =
      arms.contains { Set($0.test.objectives).count > 1 }
      ? ""
      : " Nothing random tells the test runs of this task apart: they are one run, without intervals "
        + "and p."
    let tuned =
      hasTuned
      ? " Tuning is evaluated on \(tuning.seeds) seeds, and widened where the best lies at an edge\(rows)."
      : ""
    let methods = differences.filter { !$0.loss.saysNothing }.compactMap(\.loss.method.text)
    let intervals =
      methods.isEmpty
      ? ""
      : " Intervals are over test runs, not over repetitions of learning: "
        + Set(methods).sorted().joined(separator: ", or ") + "; p: sign flips."
    let sentences = RunSentences(configuration)
    let weights = sentences.weights(ofArmsThatLearnedThem: arms.filter(\.hasOwnWeights).map(\.name))
    let remarks = sentences.remarks.map { " " + $0.prefix(1).uppercased() + $0.dropFirst() + "." }
      .joined()
    return """
      \(configuration.ablation.seeds) paired test runs after \(configuration.evaluationSteps) steps; \
      means ± standard deviations. \(arms.map(\.method).joined(separator: " "))\(tuned) Tuning, learning and \
      test runs share no seed\(once). \(weights) A Hessian-vector product counts as \
      \(Budget.gradientsPerProduct) gradients.\(intervals)\(same)\(remarks)
      """
  }

  /// One row per test run.
  package var csv: String {
    var text = "arm,run,test_loss,test_accuracy\n"
    for arm in arms {
      for (run, loss) in arm.test.objectives.enumerated() {
        let accuracy = arm.test.accuracies.isEmpty ? "" : "\(arm.test.accuracies[run])"
        text += "\(arm.name),\(run),\(loss.isFinite ? "\(loss)" : "diverged"),\(accuracy)\n"
      }
    }
    return text
  }

  /// Writes the tables, the runs and the provenance into a folder.
  package func write(to folder: String, provenance: String) throws {
    try RunFolder.make(folder)
    try AtomicFile.write(Array(markdown.utf8), to: "\(folder)/ablation.md")
    try AtomicFile.write(Array(csv.utf8), to: "\(folder)/runs.csv")
    try AtomicFile.write(
      Array(configuration.canonicalYAML.utf8), to: "\(folder)/configuration.yaml")
    try AtomicFile.write(Array(provenance.utf8), to: "\(folder)/provenance.json")
  }

  private func mean(_ values: [Double], percent: Bool = false) -> String {
    guard !values.isEmpty else { return "—" }
    let summary = Summary(values)
    let deviation = summary.standardDeviation ?? .nan
    return percent
      ? String(format: "%.2f ± %.2f %%", 100 * summary.mean, 100 * deviation)
      : "\(Format.number(summary.mean)) ± \(Format.number(deviation))"
  }

  private func signed(_ value: Double) -> String {
    (value > 0 ? "+" : value < 0 ? "−" : "") + Format.number(abs(value))
  }

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
