import Configurations
import MetaLearning
import Reports
import Settings

/// What a sweep will do, before anything of it is computed.
package struct SweepSchedule: Sendable {
  private let plan: SweepPlan
  private let folder: SweepFolder
  private let stages: [RunStage]
  /// What a run of each combination costs.
  private let costs: [Budget]
  /// Seconds of cells that are done, for each gradient equivalent of theirs; nil where none is.
  private let pace: Double?

  /// So many rows are printed.
  private static let mostRows = 60

  /// Checks every combination, down to its data and its memory.
  ///
  /// - Throws: what `RunCost.checked` does.
  package init(_ sweep: Sweep, in laboratory: Laboratory) throws {
    (plan, folder, stages) = (sweep.plan, sweep.folder, sweep.stages)
    let (plan, repetitions) = (plan, plan.seeds)
    costs = try plan.combinations.indices.map {
      try RunCost.checked(plan.cells[$0 * repetitions].configuration)
    }
    var known = (seconds: 0.0, cost: 0.0)
    for (cell, stage) in zip(plan.cells, sweep.stages) {
      guard case .finished = stage,
        let record = try RunRecord(of: sweep.folder.cell(cell), in: laboratory),
        let history = record.history
      else { continue }
      known.seconds += history.seconds
      known.cost += Double(costs[cell.combination].gradientEquivalents)
    }
    pace = known.cost > 0 && known.seconds > 0 ? known.seconds / known.cost : nil
  }

  /// The cells, which are done, and what the others cost.
  package var text: String {
    let rows = plan.combinations.indices.map { index in
      ["\(index + 1)"] + plan.combinations[index]
        + ["\(costs[index].gradientEquivalents)", state(index)]
    }
    let table = Table(
      [.right("combination")] + plan.axes.map { .right($0.key) }
        + [.right("gradient equivalents"), .left("state")],
      rows: Array(rows.prefix(Self.mostRows)))
    let more = rows.count - Self.mostRows
    let left = zip(plan.cells, stages).filter { !$0.1.hasEnded }
      .reduce(0) { $0 + costs[$1.0.combination].gradientEquivalents }
    let all = plan.cells.reduce(0) { $0 + costs[$1.combination].gradientEquivalents }
    let time =
      pace.map {
        ", about \(Format.duration($0 * Double(left))) at the pace of the cells that are done"
      } ?? ""
    return table.text + (more > 0 ? "and \(more) more\n" : "") + """

      \(plan.cells.count) cells: \(Format.count(plan.combinations.count, "combination")) × \
      \(Format.count(plan.seeds, "seed")); \
      \(stages.count(where: \.hasEnded)) done, \(stages.count { $0 == .begun }) begun
      cost of the whole sweep: \(all) gradient equivalents; of what is left: \(left)\(time)
      folder: \(folder.path)
      """
  }

  /// How far the cells of a combination are.
  private func state(_ combination: Int) -> String {
    let stages = zip(plan.cells, stages).filter { $0.0.combination == combination }.map(\.1)
    let done = stages.count(where: \.hasEnded)
    if stages.count > 1 { return "\(done) of \(stages.count) done" }
    return done == 1 ? "done" : stages[0] == .begun ? "begun" : "to do"
  }
}
