import Arms
import Checkpoints
import Configurations
import Files
import Foundation
import MetaLearning
import Settings
import TensorPrograms

/// One arm in one repetition.
package struct PlannedCell {
  /// How rates are chosen.
  let arm: any AblationArm
  /// With what, the repetition's seeds among it.
  package let configuration: RunConfiguration
  private let repetition: Int
  let path: String
  /// Hash of all that decides the cell.
  private let identity: String
  /// What was computed; nil where that is to be done.
  let file: AblationCellFile?
  /// Whether there is nothing to compute.
  package var isDone: Bool { file != nil }

  init(
    _ arm: any AblationArm, _ configuration: RunConfiguration, _ repetition: Int,
    key: RunConfiguration, in folder: RunFolder
  ) throws {
    (self.arm, self.configuration, self.repetition) = (arm, configuration, repetition)
    // Named by all that decides it, so that arms and repetitions can be added to those that are
    // there.
    identity = SHA256.digest(of: Array(key.canonicalJSON.utf8)).hex
    path = "\(folder.cells)/repetition-\(repetition + 1)-\(arm.word)-\(identity.prefix(10)).json"
    // What is no folder is refused when it is to be written.
    file =
      RunFolder.isThere(folder.path)
      ? try AblationCellFile.read(path, identity: identity) : nil
  }

  /// What came of computing a cell.
  struct Computed {
    /// Nil where the arm has nothing to choose.
    let cell: AblationCell?
    /// Nil where nothing was learned, or it is not kept.
    let rates: CellRates?
  }

  /// Where what the arm learned is kept.
  var ratesPath: String { path.dropLast("json".count) + "h5" }

  /// Chooses and tests.
  ///
  /// - Parameter provenance: what the process runs with.
  func computed(
    _ shared: SharedChoices, _ laboratory: Laboratory, provenance: String,
    _ tell: @escaping (AblationProgress) -> Void
  ) throws -> Computed {
    let start = ProcessInfo.processInfo.systemUptime
    shared.beginArm()
    let (computed, notes) = try compute(
      try configuration.makeTask(isReported: true), shared, laboratory, provenance,
      { tell(.doing($0)) }, since: start)
    if repetition == 0 { for note in notes { tell(.note("note: \(note)")) } }
    return computed
  }

  /// Saves what was computed. The cell comes last: once it is there, nothing is computed again.
  func save(_ computed: Computed) throws {
    // Rates of an earlier time would be others than those that were tested.
    try AtomicFile.remove(ratesPath)
    try computed.rates?.write(to: ratesPath)
    try AblationCellFile(computed.cell, identity: identity).write(to: path)
  }

  /// What the arm chose and how it fared.
  private func compute<Task: LearningTask>(
    _ task: Task, _ shared: SharedChoices, _ laboratory: Laboratory, _ provenance: String,
    _ progress: @escaping (String) -> Void, since start: TimeInterval
  ) throws -> (Computed, notes: [String]) {
    let (bench, notes) = try bench(configuration, task, shared, laboratory, progress)
    guard let choice = try arm.choose(bench) else {
      return (Computed(cell: nil, rates: nil), notes)
    }
    let chosen = ProcessInfo.processInfo.systemUptime
    let cell = AblationCell(
      choice, hasTuned: shared.hasTuned, seconds: chosen - start + shared.borrowedSeconds,
      tests: configuration.testHorizons.map { test(choice, steps: $0) })
    let rates =
      configuration.ablation.keepsRates
      ? try CellRates(choice, configuration, provenance: provenance, in: laboratory) : nil
    return (Computed(cell: cell, rates: rates), notes)
  }

  /// What choosing will cost, and what tests cost; nil where the arm does not know.
  ///
  /// - Throws: what choosing would, for what can be known before: data, checkpoints, initial rates.
  func expectedBudget(_ shared: SharedChoices, _ laboratory: Laboratory) throws -> Budget? {
    try expectedBudget(try configuration.makeTask(isReported: true), shared, laboratory)
  }

  /// Seconds of a gradient, measured by a few training runs.
  func measuredPace(_ laboratory: Laboratory) throws -> Double {
    try measuredPace(try configuration.makeTask(isReported: true), laboratory)
  }

  private func measuredPace<Task: LearningTask>(
    _ task: Task, _ laboratory: Laboratory
  ) throws -> Double {
    let bench = try bench(configuration, task, SharedChoices(), laboratory, { _ in }).0
    let runs = TuningRuns(bench, .global)
    let candidate = runs.problem.rates.filled([configuration.ablation.tuning.lowest])
    // The first call compiles.
    _ = runs.scores(rates: [candidate])
    let start = Timing.now
    _ = runs.scores(rates: [candidate])
    return (Timing.now - start) / Double(runs.cost.gradients)
  }

  private func expectedBudget<Task: LearningTask>(
    _ task: Task, _ shared: SharedChoices, _ laboratory: Laboratory
  ) throws -> Budget? {
    let bench = try bench(configuration, task, shared, laboratory, { _ in }).0
    if arm.learns {
      do {
        try bench.problem.rates.requireIdentified()
      } catch {
        throw RateError.unsupported("the arm \(arm.node.flowYAML): \(error)")
      }
    }
    let isSearched = !arm.searched(configuration.ablation.tuning).isEmpty
    if arm.readsInitialRates, !isSearched || configuration.rates.initial.checkpoint != nil {
      _ = try bench.problem.initialRates(seed: configuration.seed)
    }
    for setting in arm.searched(configuration.ablation.tuning) where setting.key == "rates.initial"
    {
      for example in setting.examples {
        _ = try bench.with([example]).problem.initialRates(seed: configuration.seed)
      }
    }
    return try arm.expectedBudget(bench)
  }

  /// What testing costs.
  var testBudget: Budget {
    Budget(
      gradients: configuration.ablation.seeds * configuration.testHorizons.reduce(0, +))
  }

  private func bench<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task, _ shared: SharedChoices,
    _ laboratory: Laboratory, _ progress: @escaping (String) -> Void
  ) throws -> (ArmBench<Task>, notes: [String]) {
    let (problem, notes) = try configuration.prepared(task, startsFromRates: arm.readsInitialRates)
    let bench = ArmBench(
      problem, outer: configuration.outer, memory: configuration.memory,
      search: configuration.ablation.tuning, seed: configuration.seed, shared: shared,
      keys: (configuration.trainingKey, configuration.learningKey), progress: progress
    ) { changes in
      try self.bench(
        try configuration.changed(changes, in: laboratory), task, shared, laboratory, progress
      ).0
    }
    return (bench, notes)
  }

  private func test<Task: LearningTask>(_ choice: ArmChoice<Task>, steps: Int) -> AblationTest {
    let problem = choice.problem.training(for: steps)
    let runs = problem.evaluationRuns(
      configuration.outer, seed: configuration.seed, role: .test,
      count: UInt64(configuration.ablation.seeds))
    var learned = choice.learned
    if learned.initialWeights.isEmpty {
      learned.initialWeights =
        problem.sharedInitialWeights(configuration.outer, seed: configuration.seed) ?? []
    }
    let test = CurveFunction(problem, like: runs, every: CurveFiles.distance(steps: steps))
    return AblationTest(test(runs, at: problem.hyperparameters(learned)))
  }
}

extension AblationArm {
  /// The word for the kind of arm.
  fileprivate var word: String { Self.word }
}
