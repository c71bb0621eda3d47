import Arms
import Configurations
import Foundation
import MetaLearning
import Reports
import Settings

/// Ways to choose rates on the same unseen test runs, again and again with other seeds.
///
/// Arms choose by rows that each run keeps from training; the test rows are looked at once, at the
/// end. Everything that is chosen is chosen anew in each repetition, with a seed and, of a table,
/// test rows of its own: what one choice happened to become says little of the next.
package struct Ablation: Sendable {
  package let configuration: RunConfiguration
  /// What each arm came to, by repetition.
  package let arms: [[AblationCell]]
  /// What each of them was chosen and tested with.
  package let armConfigurations: [RunConfiguration]
  /// The last arm against each of the others, for each length of test runs.
  package let comparisons: [AblationComparison]
  /// Why a cell could not be saved; nil where all are.
  package let unsaved: (any Error)?
  /// Arms that had nothing to choose, in some repetition or in all of them.
  let leftOut: [String]
  /// The checkpoints that arms and their candidates start from.
  let startingFiles: [String]

  /// Chooses and compares what the folder of a plan does not hold yet; each cell is saved when it
  /// is done. A schedule of the plan lets it say how long that takes.
  ///
  /// - Parameter provenance: what the process runs with, which checkpoints of what arms learned keep.
  /// - Throws: what arms and starting from other files may throw.
  package init(
    _ plan: AblationPlan, _ schedule: AblationSchedule?, provenance: String,
    laboratory: Laboratory, tell: @escaping (AblationProgress) -> Void
  ) throws {
    (configuration, startingFiles) = (plan.configuration, plan.startingFiles)
    try RunFolder.make(plan.folder.cells)
    if let present = plan.present { tell(.note(present)) }
    let (all, done) = plan.count
    var estimate = schedule.map { RemainingTime($0, done: done) }
    var cells: [[AblationCell?]] = []
    var unsaved: (any Error)?
    for (repetition, row) in plan.cells.enumerated() {
      let of = plan.cells.count == 1 ? "" : "repetition \(repetition + 1)/\(plan.cells.count), "
      let shared = SharedChoices()
      cells.append(
        try zip(plan.arms, row).map { arm, planned in
          if let file = planned.file { return file.cell }
          let computed = try planned.computed(shared, laboratory, provenance: provenance) {
            progress in
            tell(progress.preceded(by: "\(of)\(arm.text): "))
          }
          let cell = computed.cell
          do {
            try planned.save(computed)
          } catch {
            if unsaved == nil { tell(.note("note: \(error); going on without saving")) }
            unsaved = error
          }
          let found = cell.map { cell in
            let losses = cell.tests.map { Format.number(Summary($0.objectives).mean) }
            return "test loss \(losses.joined(separator: ", "))"
          }
          estimate?.finished(planned)
          tell(
            .note(
              "\(of)\(arm.text): \(found ?? "nothing to choose")"
                + (estimate.map { "; \($0.text(of: all))" } ?? "")))
          return cell
        })
    }
    self.unsaved = unsaved
    let names = plan.names(cells)
    let isComplete = plan.arms.indices.map { index in cells.allSatisfy { $0[index] != nil } }
    leftOut = plan.arms.indices.filter { !isComplete[$0] }.map { names[$0] }
    for name in leftOut { tell(.note("note: \(name) is left out: it had nothing to choose")) }
    let found = plan.arms.indices.filter { isComplete[$0] }.map { index in
      (index, cells.compactMap { $0[index]?.named(names[index]) })
    }
    arms = found.map(\.1)
    armConfigurations = found.map { plan.cells[0][$0.0].configuration }
    comparisons = AblationComparison.all(arms, configuration)
  }
}

extension RunConfiguration {
  /// The configuration of a repetition, counted from 0: `seed` and `task.splitSeed` go up by one
  /// each time, so that the first is the configuration itself.
  package func repeated(_ repetition: Int) -> RunConfiguration {
    var copy = self
    copy.seed &+= UInt64(repetition)
    copy.task.splitSeed = task.splitSeed.map { $0 &+ UInt64(repetition) }
    return copy
  }
}
