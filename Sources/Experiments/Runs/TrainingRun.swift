import Checkpoints
import Configurations
import Files
import Foundation
import HDF5Files
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// What a run tells while it goes on.
package protocol RunObserver {
  /// Something worth knowing, such as a checkpoint that was passed over.
  mutating func note(_ message: String)
  /// The state before any learning was validated, before the first step.
  mutating func validatedStart(_ objective: Double)
  /// A step was done.
  mutating func stepped(_ report: OuterReport, of steps: Int, seconds: Double)
  /// Nothing more will be told.
  mutating func finish()
}

/// How a run ended.
package struct RunResult: Sendable {
  package let configuration: RunConfiguration
  package let folder: RunFolder
  /// The last state.
  package let checkpoint: CheckpointEntry
  package let trajectory: Trajectory
  package let comparison: RateComparison
  /// Effective rates, tensor by tensor.
  package let rates: LearnedRates
  /// The terms and tensors behind them.
  package let layout: RateLayout
  /// What theory says of the objective.
  package let references: [ReferenceValue]
  /// What diagnostics found out of order, in the order in which they did.
  package let warnings: [String]
  /// The figures to look at, or what kept them from being drawn.
  package fileprivate(set) var figures: [String] = []
}

/// The main job: learn rates, saving as it goes, until done or stopped.
package struct TrainingRun {
  private let configuration: RunConfiguration
  private let folder: RunFolder
  private let interruption: Interruption
  private let provenance: String
  private let isResuming: Bool
  /// Whether it goes on with other settings than the folder says.
  private let hasChanges: Bool
  private let laboratory: Laboratory
  /// What a signal makes the process say once everything that was learned is saved; nil for how to
  /// resume the run.
  private let lastWords: String?

  /// A run that begins in a new folder.
  ///
  /// - Parameter laboratory: the kinds that the configuration may name.
  /// - Throws: `RunError` for a folder that holds a run.
  package init(
    beginning configuration: RunConfiguration, in folder: RunFolder, interruption: Interruption,
    command: [String], laboratory: Laboratory, lastWords: String? = nil
  ) throws {
    try folder.requireUnused()
    try folder.requireNothingElse()
    try self.init(
      configuration, folder, interruption, command, laboratory, lastWords, isResuming: false)
  }

  /// Continues the run of a folder.
  ///
  /// - Parameter changes: other values for settings that decide nothing of the steps that are done, as
  ///   `key=value`.
  /// - Throws: also `RunError.changesThePast` for other settings.
  package init(
    resuming folder: RunFolder, changes: [String] = [], interruption: Interruption,
    command: [String], laboratory: Laboratory, lastWords: String? = nil
  ) throws {
    try folder.requireRun()
    let there = try folder.loadConfiguration(in: laboratory)
    let here =
      changes.isEmpty
      ? there
      : RunConfiguration(
        ofRun: try ResolvedConfiguration.load(
          path: folder.configuration, overrides: changes, in: laboratory))
    let (later, past) = LaterSettings.differences(there: there, here: here)
    guard past.differences.isEmpty else {
      throw RunError.changesThePast(path: folder.path, past)
    }
    try self.init(
      here, folder, interruption, command, laboratory, lastWords, isResuming: true,
      hasChanges: !later.differences.isEmpty)
  }

  /// The run of a folder that has one of this configuration, else one that begins there: the same
  /// call again goes on with what is unfinished.
  ///
  /// - Throws: `RunError` for a folder that holds something else, with the settings that differ.
  package init(
    continuing configuration: RunConfiguration, in folder: RunFolder, interruption: Interruption,
    command: [String], laboratory: Laboratory, lastWords: String? = nil
  ) throws {
    switch try folder.stage(of: configuration, in: laboratory) {
    case .nothing:
      try self.init(
        beginning: configuration, in: folder, interruption: interruption, command: command,
        laboratory: laboratory, lastWords: lastWords)
    case .begun, .notFinite, .finished:
      try self.init(
        resuming: folder, interruption: interruption, command: command, laboratory: laboratory,
        lastWords: lastWords)
    }
  }

  private init(
    _ configuration: RunConfiguration, _ folder: RunFolder, _ interruption: Interruption,
    _ command: [String], _ laboratory: Laboratory, _ lastWords: String?, isResuming: Bool,
    hasChanges: Bool = false
  ) throws {
    (self.isResuming, self.hasChanges) = (isResuming, hasChanges)
    self.lastWords = lastWords
    self.laboratory = laboratory
    self.configuration = configuration
    self.folder = folder
    self.interruption = interruption
    provenance = Provenance.json(
      command: command, files: try FileContents.hashes(of: configuration, in: laboratory))
  }

  /// Runs to the end.
  ///
  /// - Throws: `RunError.stopped` where something asked for a stop, `NonFiniteError` where a number
  ///   overflowed; the last good state is saved in both cases.
  package func callAsFunction(_ observer: inout some RunObserver) throws -> RunResult {
    try run(try configuration.makeTask(isReported: true), &observer)
  }

  private func run<Task: LearningTask>(
    _ task: Task, _ observer: inout some RunObserver
  ) throws -> RunResult {
    var configuration = configuration
    var (problem, startNotes) = try configuration.prepared(task)
    if !isResuming, case .limit = configuration.memory {
      problem = try configuration.planned(problem)
      startNotes.insert(
        "memory policy \(problem.memory), the fastest that needs \(configuration.memory) with "
          + "\(ExecutionOptions.current.workers) workers", at: 0)
      // A run that is resumed elsewhere must go on with the bits that it began with.
      configuration.memory = .policy(problem.memory)
    }
    let learned = try problem.initialLearned(configuration.outer, seed: configuration.seed)
    let initial = problem.rates.expanded(learned.rates)
    var loop = try OuterLoop(
      problem, specification: configuration.outer, seed: configuration.seed,
      startingFrom: learned)
    try loop.requireMemory()
    // What can be refused has been: a run that is impossible leaves nothing behind. Two that begin or go
    // on at once would write over each other.
    if !isResuming { try RunFolder.make(folder.path) }
    let lock = try FolderLock(folder.path)
    defer { withExtendedLifetime(lock) {} }
    if let note = lock.note { observer.note(note) }
    interruption.wait()
    if !isResuming {
      try folder.begin(configuration)
      for note in startNotes { observer.note(note) }
    }
    let layout = TrainingLayout(problem, specification: configuration.outer)
    let writer = try CheckpointWriter(folder.checkpoints)
    for warning in writer.warnings { observer.note("\(warning)") }
    if let place = try folder.add(provenance: provenance) {
      observer.note("\(folder.provenance) is damaged; it is kept as \(place)")
    }

    let state = try restore(configuration, layout, writer, initial, &observer)
    if hasChanges { try change(configuration, after: state?.step ?? 0) }
    if let state { loop.resume(state) }
    var keeper = try RunKeeper<Task>(
      configuration, folder, provenance: provenance, layout, writer, initial: initial,
      history: try history(of: problem, initial, after: state?.step, &observer),
      saved: state == nil ? nil : writer.entries.last)
    try keeper.matchBest(loop)
    let start = ProcessInfo.processInfo.systemUptime
    let earlier = keeper.trajectory.rows.last?.seconds ?? 0
    var warnings = RunWarnings(names: problem.rates.names, keeper.trajectory)
    if state == nil {
      let report = loop.validateStart()
      keeper.record(loop, report, seconds: 0)
      if let validation = report?.validation {
        observer.validatedStart(validation)
      }
      for warning in warnings.fresh(0, report?.diagnostics) { observer.note(warning) }
    }

    let steps = configuration.outer.steps
    if let cause = interruption.cause {
      throw RunError.stopped(path: folder.path, step: loop.state.step, of: steps, by: cause)
    }
    while !loop.isFinished {
      let report: OuterReport
      do {
        report = try loop.step()
      } catch {
        // The state before the step is good, and may not have been saved.
        if loop.state.step > 0 {
          try keeper.save(loop, isLast: true)
          observer.note("the state after outer step \(loop.state.step) is kept")
          noteBest(loop.state, &observer)
        }
        try AtomicFile.write(Array("\(error)\n".utf8), to: folder.failure)
        throw error
      }
      let seconds = earlier + ProcessInfo.processInfo.systemUptime - start
      keeper.record(loop, report, seconds: seconds)
      observer.stepped(report, of: steps, seconds: seconds)
      if let term = report.releasedTerm {
        let text = problem.rates.termTexts[term]
        observer.note(
          "outer step \(report.step): \(text.name) (\(text.text)) is learned from here on, from the best "
            + "state so far")
      }
      for warning in warnings.fresh(report.step, report.diagnostics) { observer.note(warning) }
      let cause = interruption.cause
      let isLast = loop.isFinished || cause != nil
      if isLast || keeper.isDue(after: report.step) { try keeper.save(loop, isLast: isLast) }
      if let cause, !loop.isFinished {
        noteBest(loop.state, &observer)
        throw RunError.stopped(path: folder.path, step: report.step, of: steps, by: cause)
      }
    }
    if loop.state.step < steps {
      observer.note(
        "stopped early after step \(loop.state.step): validation found nothing better than step "
          + "\(loop.state.best?.step ?? 0) in \(configuration.outer.patience ?? 0) checks")
    }
    warnings.add(unreleased: loop.unreleasedTerms.map { problem.rates.termTexts[$0] })
    warnings.add(
      skippedRuns: loop.state.skippedRuns, of: loop.state.step * configuration.outer.tasks)
    // Everything is saved: nothing of the test runs is worth waiting for.
    LastWords.set(
      lastWords
        ?? "metarate: stopped before all was tested and drawn; everything that was learned is saved: "
        + "continue with `metarate resume \(folder.path)`")
    if let cause = interruption.cause {
      throw RunError.stopped(path: folder.path, step: loop.state.step, of: steps, by: cause)
    }
    guard let saved = keeper.saved else {
      fatalError("a run of no steps was accepted by the configuration")
    }
    let comparison = RateComparison(
      configuration, problem, loop.state, startedFrom: learned)
    let evaluated = problem.training(for: configuration.evaluationSteps)
    var result = RunResult(
      configuration: configuration, folder: folder, checkpoint: saved,
      trajectory: keeper.trajectory, comparison: comparison,
      rates: LearnedRates(problem, loop.state, initial: initial), layout: problem.rates,
      references: task.references(evaluated.specification, objective: evaluated.objective),
      warnings: warnings.texts)
    try keeper.requireInPlace()
    // A summary says that nothing is left to do, so it comes last; one from before goes first.
    try AtomicFile.remove(folder.summary)
    try CurveFiles.write(comparison.curves, to: folder.path)
    result.figures = RunFigures.write(result)
    // A run that was resumed with another processor's bits may get past what stopped it.
    try? FileManager.default.removeItem(atPath: folder.failure)
    try RunSummary(
      comparison, outerSteps: loop.state.step, skippedRuns: loop.state.skippedRuns,
      warnings: warnings.texts
    ).write(to: folder)
    return result
  }

  /// Lets the folder say what the run goes on with; what was said of its end is no longer so.
  private func change(_ configuration: RunConfiguration, after step: Int) throws {
    guard configuration.outer.steps >= step else {
      throw RunError.stepsAreDone(path: folder.path, steps: configuration.outer.steps, done: step)
    }
    try AtomicFile.remove(folder.summary)
    try AtomicFile.write(Array(configuration.canonicalYAML.utf8), to: folder.configuration)
  }

  /// Names the best state's file where no report does.
  private func noteBest(_ state: OuterState, _ observer: inout some RunObserver) {
    guard let best = state.best else { return }
    observer.note(
      "the best state by validation (outer step \(best.step)) is in \(folder.best)")
  }

  /// The history that the folder has up to a step, or one that begins.
  private func history<Task: LearningTask>(
    of problem: InnerProblem<Task>, _ initial: [Tensor], after step: Int?,
    _ observer: inout some RunObserver
  ) throws -> RunHistory {
    let files = folder.history(configuration.history)
    let paths = problem.parameters.paths
    guard let step else { return try RunHistory(beginning: files, paths: paths) }
    let (history, warnings) = try RunHistory.resuming(
      files, paths: paths, types: initial.map(\.type), after: step, where: configuration.records)
    for warning in warnings { observer.note(warning) }
    return history
  }

  /// The state of the newest intact checkpoint; nil to begin anew.
  private func restore(
    _ configuration: RunConfiguration, _ layout: TrainingLayout, _ writer: CheckpointWriter,
    _ initial: [Tensor],
    _ observer: inout some RunObserver
  ) throws -> OuterState? {
    guard let loaded = try writer.folder.latest() else {
      if isResuming { observer.note("no checkpoint is there: the run begins again at its start") }
      return nil
    }
    let known = writer.warnings.map { "\($0)" }
    for warning in loaded.warnings.map({ "\($0)" }) where !known.contains(warning) {
      observer.note(warning)
    }
    let path = "\(folder.checkpoints)/\(loaded.entry.name)"
    let state: OuterState
    do {
      let text = try TrainingCheckpoint.configuration(of: loaded.tree)
      guard let changes = configuration.changes(since: text, in: laboratory) else {
        throw RunError.foreignCheckpoint(path: folder.path)
      }
      for change in changes.differences {
        observer.note(
          "from here on \(change.key) is \(change.here ?? "none") instead of \(change.there ?? "none")"
        )
      }
      state = try TrainingCheckpoint.state(
        of: loaded.tree, layout, seed: configuration.seed)
    } catch let error as HDF5Error {
      throw CheckpointError.unreadable(path: path, error)
    }
    let before = try loaded.tree.elements(of: UInt8.self, at: "/provenance/json")
    if let elsewhere = Provenance.elsewhere(before) {
      observer.note("\(elsewhere): bits may differ from here on")
    }
    for file in Provenance.changedFiles(from: before, to: Array(provenance.utf8)) {
      observer.note("from here on \(file) holds something else than before")
    }
    if TrainingCheckpoint.startedElsewhere(loaded.tree, layout, initial) {
      observer.note(
        "rates.initial gives other rates than learning started from: its file has changed since; "
          + "learned rates are compared with those that it gives now")
    }
    for place in try writer.setAside(newerThan: state.step) {
      observer.note("what was damaged is kept as \(place)")
    }
    observer.note("resuming after outer step \(state.step)")
    return state
  }
}
