import Checkpoints
import Configurations
import Files
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms

/// Keeps a run in its folder: the history, the best state, the last state, in that order, so that a
/// checkpoint never knows more than the files beside it.
struct RunKeeper<Task: LearningTask> {
  private let configuration: RunConfiguration
  private let folder: RunFolder
  private let provenance: String
  private let layout: TrainingLayout
  private let writer: CheckpointWriter
  /// The folder itself, whatever comes to be at its path.
  private let held: HeldFolder
  /// Effective rates that learning started from, and one of usual size.
  let initial: [Tensor]
  private let typical: Double
  private var history: RunHistory
  /// The step of the state that `best.h5` holds.
  private var keptBest: Int?
  private var lastSave = ProcessInfo.processInfo.systemUptime
  /// The newest checkpoint that is known to be written.
  private(set) var saved: CheckpointEntry?
  private let saving = SavingThread<CheckpointEntry>()

  /// The history so far.
  var trajectory: Trajectory { history.trajectory }

  /// What keeps a run from where its folder says that it stands.
  ///
  /// - Throws: where the folder cannot be opened.
  init(
    _ configuration: RunConfiguration, _ folder: RunFolder, provenance: String,
    _ layout: TrainingLayout, _ writer: CheckpointWriter, initial: [Tensor], history: RunHistory,
    saved: CheckpointEntry?
  ) throws(FileError) {
    held = try HeldFolder(folder.path)
    self.configuration = configuration
    self.folder = folder
    self.provenance = provenance
    self.layout = layout
    self.writer = writer
    self.initial = initial
    self.history = history
    self.saved = saved
    typical = RateStatistics.typical(initial)
  }

  /// Refuses to go on where the run's folder was renamed and another has taken its place.
  func requireInPlace() throws(FileError) { try held.requireInPlace() }

  /// Makes `best.h5` what the state says: a killed process may have left one of a later step, or
  /// none.
  mutating func matchBest(_ loop: OuterLoop<Task>) throws {
    if loop.state.best == nil || loop.state.step == 0 {
      try writer.forgetBest()
    } else {
      try best(loop, checkpoint(loop))?.keep(writer, layout)
      keptBest = loop.state.best?.step
    }
  }

  /// Adds a step to the history, where it gets a row; the state before learning where there is no
  /// report.
  mutating func record(_ loop: OuterLoop<Task>, _ report: OuterReport?, seconds: Double) {
    guard configuration.records(loop.state.step) else { return }
    let rates = layout.rates.expanded(loop.state.learned.rates)
    history.append(
      Trajectory.Row(
        step: loop.state.step, objective: report?.objective ?? .nan,
        hypergradientNorm: report?.hypergradientNorm ?? .nan, validation: report?.validation,
        seconds: seconds,
        statistics: rates.map {
          RateStatistics(
            $0.doubles, parameterization: layout.rates.specification.parameterization,
            typical: typical)
        }, diagnostics: report?.diagnostics, averageValidation: report?.averageValidation,
        signal: report?.signal ?? [],
        skippedRuns: configuration.outer.nonFinite == .stop ? nil : loop.state.skippedRuns),
      rates: rates)
  }

  /// Whether the configuration wants a checkpoint after a step, or the last one could not be
  /// written.
  func isDue(after step: Int) -> Bool {
    if saving.hasFailed { return true }
    return switch configuration.checkpoint.every {
    case .steps(let steps): step % steps == 0
    case .seconds(let seconds): ProcessInfo.processInfo.systemUptime - lastSave >= seconds
    }
  }

  /// Saves everything, on a thread of its own while learning goes on, or before it returns.
  ///
  /// - Parameter isLast: whether the process does nothing more with the run.
  /// - Throws: what kept this save, if it is the last, or the one before from being written.
  mutating func save(_ loop: OuterLoop<Task>, isLast: Bool) throws {
    if let earlier = try saving.finish() { saved = earlier }
    let changes = history.changes(isLast: isLast)
    let checkpoint = checkpoint(loop)
    let best = loop.state.best?.step == keptBest ? nil : best(loop, checkpoint)
    keptBest = loop.state.best?.step
    let score = keptBest == loop.state.step ? loop.state.best?.objective : nil
    // Nothing is computed there: it would take the workers away from the next step.
    saving.begin { [writer, layout, held] in
      try held.requireInPlace()
      try changes.write()
      try best?.keep(writer, layout)
      return try writer.save(
        checkpoint.tree(layout), outerStep: checkpoint.state.step, score: score)
    }
    if isLast { saved = try saving.finish() }
    lastSave = ProcessInfo.processInfo.systemUptime
  }

  private func checkpoint(_ loop: OuterLoop<Task>) -> TrainingCheckpoint {
    TrainingCheckpoint(
      configuration: configuration.canonicalJSON, provenance: provenance,
      seed: configuration.seed, state: loop.state, initialRates: initial,
      model: ModelTensors(loop.exampleModel()))
  }

  private func best(_ loop: OuterLoop<Task>, _ checkpoint: TrainingCheckpoint) -> BestState? {
    guard let best = loop.state.best,
      let checkpoint = checkpoint.best(model: { ModelTensors(loop.exampleModel(of: $0)) })
    else { return nil }
    return BestState(best: best, checkpoint: checkpoint)
  }
}

/// What `best.h5` is to hold.
private struct BestState: Sendable {
  let best: OuterState.Best
  let checkpoint: TrainingCheckpoint

  func keep(_ writer: CheckpointWriter, _ layout: TrainingLayout) throws {
    try writer.keepBest(
      checkpoint.tree(layout), outerStep: best.step, score: best.objective)
  }
}

extension RunConfiguration {
  /// Whether an outer step has a row in the history: every so many, and those that say more than
  /// others. It depends on the step alone, so that a run that was stopped and resumed has the rows
  /// of one that was not.
  func records(_ step: Int) -> Bool {
    let validation = outer.validation.every
    return step % history.every == 0 || step == outer.steps
      || validation > 0 && step % validation == 0 || Trajectory.isSnapshot(step)
  }
}
