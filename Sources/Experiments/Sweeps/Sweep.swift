import Checkpoints
import Configurations
import Foundation
import MetaLearning
import Reports
import Settings

/// Runs of a plan, one after the other, each in a folder of its own.
package struct Sweep {
  package let plan: SweepPlan
  package let folder: SweepFolder
  private let interruption: Interruption
  private let command: [String]
  private let laboratory: Laboratory
  /// How far each cell is.
  package let stages: [RunStage]

  /// A sweep that goes on with what its folder has of it. Nothing is written yet.
  ///
  /// - Throws: `RunError.otherResults` for a folder with another sweep, and what reading a cell's
  ///   folder may throw.
  package init(
    _ plan: SweepPlan, in folder: SweepFolder, interruption: Interruption, command: [String],
    laboratory: Laboratory
  ) throws {
    self.plan = plan
    self.folder = folder
    self.interruption = interruption
    self.command = command
    self.laboratory = laboratory
    try folder.requireSame(plan)
    stages = try plan.cells.map { try folder.cell($0).stage(of: $0.configuration, in: laboratory) }
  }

  /// How many cells have ended.
  package var doneCount: Int { stages.count(where: \.hasEnded) }

  /// Checks what is to be computed, down to data and memory.
  ///
  /// - Throws: what `RunCost.checked` does.
  package func check() throws {
    var checked: Set<Int> = []
    for (cell, stage) in zip(plan.cells, stages) where !stage.hasEnded {
      // Between runs what is done is kept, and nothing is worth waiting for.
      LastWords.set(lastWords)
      // Seeds change nothing that can be refused.
      guard checked.insert(cell.combination).inserted else { continue }
      _ = try RunCost.checked(cell.configuration)
    }
  }

  /// Computes what is missing.
  ///
  /// - Parameters:
  ///   - note: told how far the sweep is.
  ///   - observer: makes the observer of a cell, given how many cells there are up to it.
  /// - Throws: `RunError.sweepStopped` where something asked for a stop. A cell that comes to a
  ///   number that is not finite ends with it, and the sweep goes on.
  package func callAsFunction<Observer: RunObserver>(
    note: (String) -> Void, observer: (String) -> Observer
  ) throws -> SweepResult {
    try folder.begin(plan)
    let lock = try FolderLock(folder.path)
    defer { withExtendedLifetime(lock) {} }
    var done = doneCount
    if done < plan.cells.count {
      // Each file is read once, however many cells name it.
      let contents = FileContents()
      for cell in plan.cells {
        _ = try cell.configuration.replacingPaths(by: contents, in: laboratory)
      }
      try RunFolder(folder.path).add(
        provenance: Provenance.json(command: command, files: contents.hashes))
    }
    for (cell, stage) in zip(plan.cells, stages) where !stage.hasEnded {
      let cause = interruption.cause
      if let cause { throw stopped(done, cause) }
      let run = folder.cell(cell)
      let name = "cell \(done + 1)/\(plan.cells.count) (\(plan.text(cell)))"
      var observer = observer(name)
      do {
        let result = try TrainingRun(
          continuing: cell.configuration, in: run, interruption: interruption, command: command,
          laboratory: laboratory, lastWords: lastWords)(&observer)
        observer.finish()
        let validation = result.comparison.validation.map { "validation \(Format.number($0)), " }
        let loss = Summary(result.comparison.learned.objectives).mean
        note("\(name): \(validation ?? "")test loss \(Format.number(loss))")
      } catch let error as NonFiniteError {
        observer.finish()
        note("\(name): diverged: \(error)")
      } catch RunError.stopped(_, _, _, let cause) {
        observer.finish()
        throw stopped(done, cause)
      }
      done += 1
    }
    let records = try plan.cells.map { cell in
      guard let record = try RunRecord(of: folder.cell(cell), in: laboratory) else {
        throw RunError.noRun(path: folder.cell(cell).path)
      }
      return record
    }
    return SweepResult(plan: plan, folder: folder, records: records)
  }

  /// What a signal makes the process say where everything that was learned is saved.
  private var lastWords: String {
    "metarate: stopped; what is done is kept in \(folder.path): the same command goes on"
  }

  private func stopped(_ done: Int, _ cause: Interruption.Cause) -> RunError {
    .sweepStopped(path: folder.path, done: done, of: plan.cells.count, by: cause)
  }
}

extension RunStage {
  /// Whether nothing is left to compute.
  package var hasEnded: Bool {
    switch self {
    case .nothing, .begun: false
    case .notFinite, .finished: true
    }
  }
}
