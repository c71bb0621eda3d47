import Arms
import Configurations
import MetaLearning
import Reports
import Settings

/// What an ablation will do and what that costs, before anything of it is computed.
package struct AblationSchedule {
  private let plan: AblationPlan
  /// What choosing is expected to cost in a repetition, by arm; nil where the arm does not know.
  private let budgets: [Budget?]
  /// What arms of a repetition pay for and need not compute, as another of them has.
  private let savings: Budget

  /// Checks every arm down to its data and the checkpoints that it starts from.
  ///
  /// - Throws: what arms and starting from other files may throw.
  package init(_ plan: AblationPlan, in laboratory: Laboratory) throws {
    self.plan = plan
    let shared = SharedChoices()
    budgets = try plan.cells[0].map { try $0.expectedBudget(shared, laboratory) }
    savings = shared.expectedSavings
  }

  /// The cells, which are done, and what the others cost.
  ///
  /// - Throws: what training a few runs may throw, which tells the pace where nothing is done.
  package func text(in laboratory: Laboratory) throws -> String {
    let rows = plan.arms.indices.map { index in
      let done = plan.cells.count { $0[index].isDone }
      return [
        plan.arms[index].text, budgets[index].map { "\($0.gradientEquivalents)" } ?? "not known",
        "\(done) of \(plan.cells.count) done",
      ]
    }
    let table = Table(
      [.left("arm"), .right("gradient equivalents of choosing"), .left("repetitions")], rows: rows)
    let (all, done) = plan.count
    let left = cost { !$0.isDone }
    let time = try left == 0 ? nil : pace(in: laboratory).map { $0 * left }
    let cost = String(format: "%.0f", cost { _ in true })
    let unknown = budgets.contains { $0 == nil } ? "; arms whose cost is not known count as 0" : ""
    return table.text + """

      \(all) cells: \(Format.count(plan.arms.count, "arm")) × \
      \(Format.count(plan.cells.count, "repetition")); \(done) done
      cost, tests included, and once what arms share: \(cost) gradient equivalents; of what is left: \
      \(String(format: "%.0f", left))\(time.map { ", about \(Format.duration($0))" } ?? "")\(unknown)
      seeds: repetition r has seed \(plan.configuration.seed) + r − 1; runs are drawn from it by their \
      purpose, training, validation or test
      Searches that find their best at an end of a range of log go on beyond it and cost more.
      """
  }

  /// What cells are expected to cost, in gradient equivalents: each part once that arms of a
  /// repetition share, and the tests.
  package func cost(of isCounted: (PlannedCell) -> Bool) -> Double {
    let charged = budgets.reduce(0) { $0 + Double($1?.gradientEquivalents ?? 0) }
    let computed = charged - Double(savings.gradientEquivalents)
    let share = charged > 0 ? computed / charged : 1
    return plan.cells.reduce(0) { sum, row in
      zip(row, budgets).reduce(sum) { sum, item in
        guard isCounted(item.0) else { return sum }
        return sum + share * Double(item.1?.gradientEquivalents ?? 0)
          + Double(item.0.testBudget.gradientEquivalents)
      }
    }
  }

  /// Seconds of a gradient equivalent: of cells that are done or, where none is, of a few runs.
  private func pace(in laboratory: Laboratory) throws -> Double? {
    let cells = plan.cells.flatMap(\.self).compactMap { $0.file?.cell }
    let cost = cells.reduce(0) { $0 + $1.budget.gradientEquivalents }
    let seconds = cells.reduce(0) { $0 + $1.seconds }
    if cost > 0, seconds > 0 { return seconds / Double(cost) }
    return try plan.cells[0][0].measuredPace(laboratory)
  }
}

extension ComparedArm {
  /// The arm in the words of its configuration: `learned: granularity tensor`.
  package var text: String {
    if let name, levels.isEmpty { return name }
    let own = name ?? label
    let changes = name == nil ? changes : levels
    return changes.isEmpty ? own : "\(own): \(changes.text)"
  }

  /// The kind and its settings, but for those that say that there is nothing.
  private var label: String {
    let node = ConfigurationNode.kind(arm)
    guard case .mapping(let entries) = node.content else { return node.label }
    return ConfigurationNode(
      .mapping(entries.filter { !["none", "false"].contains($0.value.label) })
    ).label
  }
}
