import Checkpoints
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms

/// What a run tells while it goes on.
package protocol RunObserver {
  /// Something worth knowing, such as a checkpoint that was passed over.
  mutating func note(_ message: String)
  /// A step was done.
  mutating func stepped(_ report: OuterReport, of steps: Int, seconds: Double)
}

/// How a run ended.
package struct RunResult: Sendable {
  package let folder: RunFolder
  package let checkpoint: CheckpointEntry
  package let trajectory: Trajectory
  package let comparison: RateComparison
  /// Effective rates that were compared, tensor by tensor, and those that learning started from.
  package let rates: [(name: String, learned: [Double], initial: [Double])]
  /// What theory says of the objective.
  package let references: [ReferenceValue]
  /// What diagnostics found out of order, in the order in which they did.
  package let warnings: [String]
}

/// The main job: learn rates, saving as it goes, until done or stopped.
package struct TrainingRun {
  private let configuration: RunConfiguration
  private let folder: RunFolder
  private let interruption: Interruption
  private let provenance: String
  private let isResuming: Bool
  /// What was decided for a memory limit.
  private var memoryNote: String?

  /// Begins a run in a new folder.
  package init(
    beginning configuration: RunConfiguration, in folder: RunFolder, interruption: Interruption,
    command: [String]
  ) throws {
    let decided = try configuration.withMemoryDecided()
    try folder.begin(decided)
    self.init(decided, folder, interruption, command, isResuming: false)
    if decided != configuration {
      memoryNote =
        "memory policy \(decided.hypergradient.memory), the fastest that needs "
        + "\(configuration.hypergradient.memory) with \(Backend.workers) workers"
    }
  }

  /// Continues the run of a folder.
  package init(
    resuming folder: RunFolder, interruption: Interruption, command: [String]
  ) throws {
    self.init(
      try folder.loadConfiguration(), folder, interruption, command, isResuming: true)
  }

  private init(
    _ configuration: RunConfiguration, _ folder: RunFolder, _ interruption: Interruption,
    _ command: [String], isResuming: Bool
  ) {
    self.isResuming = isResuming
    self.configuration = configuration
    self.folder = folder
    self.interruption = interruption
    provenance = Provenance.json(command: command)
  }

  /// Runs to the end.
  ///
  /// - Throws: `RunError.stopped` where something asked for a stop, `NonFiniteError` where a number
  ///   overflowed; the last good state is saved in both cases.
  package func callAsFunction(_ observer: inout some RunObserver) throws -> RunResult {
    let task: any LearningTask
    do {
      task = try configuration.makeTask()
    } catch {
      abandonIfNew()
      throw error
    }
    return try run(task, &observer)
  }

  /// Of a run that has only begun, before anything was computed, nothing is kept.
  private func abandonIfNew() {
    if !isResuming { folder.abandon() }
  }

  private func run<Task: LearningTask>(
    _ task: Task, _ observer: inout some RunObserver
  ) throws -> RunResult {
    let problem: InnerProblem<Task>
    do {
      problem = try configuration.problem(task)
    } catch {
      abandonIfNew()
      throw error
    }
    if let memoryNote { observer.note(memoryNote) }
    let layout = TrainingLayout(problem, specification: configuration.outer)
    let writer = try CheckpointWriter(folder.checkpoints)
    for warning in writer.warnings { observer.note("\(warning)") }
    try AtomicFile.write(Array(provenance.utf8), to: folder.provenance)

    var trajectory = Trajectory(paths: problem.parameters.paths)
    let state = try restore(layout, writer, &trajectory, &observer)
    var loop = try OuterLoop(
      problem, specification: configuration.outer, seed: configuration.seed, resuming: state)
    let initial = problem.rates.expanded(try problem.initialRaw(seed: configuration.seed))
    let typical = RateStatistics.typical(initial)
    let start = ProcessInfo.processInfo.systemUptime
    let earlier = trajectory.rows.last?.seconds ?? 0
    if state == nil { record(loop, nil, 0, typical, &trajectory) }
    var warnings = RunWarnings(names: problem.rates.names, trajectory)

    let steps = configuration.outer.steps
    var saved = state == nil ? nil : writer.entries.last
    while !loop.isFinished {
      let report: OuterReport
      do {
        report = try loop.step()
      } catch {
        // The state before the step is good, and may not have been saved.
        if loop.state.step > 0 { _ = try save(loop, layout, initial, trajectory, writer) }
        throw error
      }
      let seconds = earlier + ProcessInfo.processInfo.systemUptime - start
      record(loop, report, seconds, typical, &trajectory)
      observer.stepped(report, of: steps, seconds: seconds)
      for warning in warnings.fresh(report.step, report.diagnostics) { observer.note(warning) }
      let cause = interruption.cause
      if report.step % configuration.checkpoint.every == 0 || loop.isFinished || cause != nil {
        saved = try save(loop, layout, initial, trajectory, writer)
      }
      if let cause, !loop.isFinished {
        throw RunError.stopped(path: folder.path, step: report.step, of: steps, by: cause)
      }
    }
    if loop.state.step < steps {
      observer.note(
        "stopped early after step \(loop.state.step): validation found nothing better than step "
          + "\(loop.state.best?.step ?? 0) in \(configuration.outer.patience ?? 0) checks")
    }
    guard let saved else { fatalError("a run of no steps was accepted by the configuration") }
    let comparison = try RateComparison(configuration, problem, loop.state)
    try AtomicFile.write(
      Array(comparison.json(warnings: warnings.texts).utf8), to: folder.summary)
    let learned = problem.rates.expanded(loop.state.best?.raw ?? loop.state.raw)
    let judged = problem.training(
      for: configuration.outer.validation.steps ?? configuration.inner.steps)
    return RunResult(
      folder: folder, checkpoint: saved, trajectory: trajectory, comparison: comparison,
      rates: problem.parameters.paths.indices.map {
        ("\(problem.parameters.paths[$0])", learned[$0].doubles, initial[$0].doubles)
      },
      references: task.references(judged.specification, objective: judged.objective),
      warnings: warnings.texts)
  }

  /// The state of the newest intact checkpoint, with the history cut to it; nil to begin anew.
  private func restore(
    _ layout: TrainingLayout, _ writer: CheckpointWriter, _ trajectory: inout Trajectory,
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
      guard
        try TrainingCheckpoint.configuration(of: loaded.tree) == configuration.canonicalJSON
      else { throw RunError.foreignCheckpoint(path: folder.path) }
      state = try TrainingCheckpoint.state(of: loaded.tree, layout)
    } catch let error as HDF5Error {
      throw CheckpointError.unreadable(path: path, error)
    }
    try writer.discard(newerThan: state.step)
    do {
      trajectory = try Trajectory.load(from: folder.trajectory, paths: trajectory.paths)
      trajectory.truncate(after: state.step)
    } catch {
      observer.note("the history is lost and starts again at step \(state.step): \(error)")
    }
    observer.note("resuming after outer step \(state.step)")
    return state
  }

  private func record<Task: LearningTask>(
    _ loop: OuterLoop<Task>, _ report: OuterReport?, _ seconds: Double,
    _ typical: Double, _ trajectory: inout Trajectory
  ) {
    let layout = loop.problem.rates
    let rates = layout.expanded(loop.state.raw)
    trajectory.append(
      Trajectory.Row(
        step: loop.state.step, objective: report?.objective ?? .nan,
        hypergradientNorm: report?.hypergradientNorm ?? .nan, validation: report?.validation,
        seconds: seconds,
        statistics: rates.map {
          RateStatistics(
            $0.doubles, parameterization: layout.specification.parameterization, typical: typical)
        }, diagnostics: report?.diagnostics),
      rates: rates)
  }

  /// History first: a checkpoint never knows more steps than it.
  private func save<Task: LearningTask>(
    _ loop: OuterLoop<Task>, _ layout: TrainingLayout, _ initial: [Tensor],
    _ trajectory: Trajectory, _ writer: CheckpointWriter
  ) throws -> CheckpointEntry {
    try trajectory.save(to: folder.trajectory)
    try AtomicFile.write(Array(trajectory.csv.utf8), to: folder.metrics)
    let checkpoint = TrainingCheckpoint(
      configuration: configuration.canonicalJSON, provenance: provenance,
      seed: configuration.seed, state: loop.state,
      initialRates: configuration.rates.initial.isOfItsConfiguration ? [] : initial,
      weights: loop.exampleWeights())
    return try writer.save(
      checkpoint.tree(layout), metaStep: loop.state.step,
      score: loop.state.best?.step == loop.state.step ? loop.state.best?.objective : nil)
  }
}

extension InitialRates {
  /// Whether a configuration alone tells the initial rates.
  fileprivate var isOfItsConfiguration: Bool {
    switch self {
    case .uniform, .layerFactor: true
    case .gradientMagnitude, .given: false
    }
  }
}
