import Arms
import Checkpoints
import Configurations
import Foundation
import MetaLearning
import Settings
import TensorPrograms

/// What an ablation consists of: a cell for each repetition and arm, computed or not.
package struct AblationPlan {
  /// The arms, crossed with the factors.
  package let arms: [ComparedArm]
  /// By repetition and arm.
  package let cells: [[PlannedCell]]
  let configuration: RunConfiguration
  let folder: RunFolder

  /// The plan of a configuration, and what a folder holds of it.
  ///
  /// - Throws: `RunError` for a damaged cell.
  package init(
    _ configuration: RunConfiguration, in folder: RunFolder, laboratory: Laboratory
  ) throws {
    (self.configuration, self.folder) = (configuration, folder)
    let arms = configuration.ablation.crossedArms
    self.arms = arms
    let own = try arms.map { try configuration.configuration(of: $0, in: laboratory) }
    let contents = FileContents()
    let keys = try zip(arms, own).map { arm, own in
      try own.replacingPaths(by: contents, in: laboratory).keyed(by: arm.arm)
    }
    cells = try (0..<configuration.ablation.repetitions).map { repetition in
      try arms.indices.map { index in
        try PlannedCell(
          arms[index].arm, own[index].repeated(repetition), repetition,
          key: keys[index].repeated(repetition), in: folder)
      }
    }
  }

  /// How many cells there are, and how many of them are computed.
  package var count: (all: Int, done: Int) {
    let all = cells.flatMap(\.self)
    return (all.count, all.count(where: \.isDone))
  }

  /// What tables call the arms: what their choices call themselves, and what tells those apart that call
  /// themselves alike.
  func names(_ cells: [[AblationCell?]]) -> [String] {
    let own = arms.indices.map { index in
      arms[index].displayName(
        cells.lazy.compactMap { $0[index]?.name }.first ?? type(of: arms[index].arm).word)
    }
    let told = arms.indices.map { index in
      let arm = arms[index]
      let others = arm.changes.filter { change in !arm.levels.contains(change) }
      guard arm.name == nil, !others.isEmpty, own.count(where: { $0 == own[index] }) > 1 else {
        return own[index]
      }
      return "\(own[index]) (\(others.text))"
    }
    return arms.indices.map { index in
      let before = told[..<index].count { $0 == told[index] }
      return before == 0 ? told[index] : "\(told[index]) #\(before + 1)"
    }
  }

  /// What the folder has of it, in words; nil for nothing.
  var present: String? {
    let files = cells.flatMap(\.self).compactMap(\.file)
    guard !files.isEmpty else { return nil }
    return "\(files.count) of \(count.all) cells are in \(folder.cells)"
      + (files.contains(where: \.isFromElsewhere)
        ? "; computed by another version, processor or BLAS, bits may differ" : "")
  }
}

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

  fileprivate init(
    _ arm: any AblationArm, _ configuration: RunConfiguration, _ repetition: Int,
    key: RunConfiguration, in folder: RunFolder
  ) throws {
    (self.arm, self.configuration, self.repetition) = (arm, configuration, repetition)
    // Named by all that decides it, so that arms and repetitions can be added to those that are there.
    identity = SHA256.digest(of: Array(key.canonicalJSON.utf8)).hex
    path = "\(folder.cells)/repetition-\(repetition + 1)-\(arm.word)-\(identity.prefix(10)).json"
    // What is no folder is refused when it is to be written.
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
    file =
      exists && isFolder.boolValue ? try AblationCellFile.read(path, identity: identity) : nil
  }

  /// Chooses and tests; nil where the arm has nothing to choose.
  func computed(
    _ shared: SharedChoices, _ laboratory: Laboratory, _ tell: @escaping (AblationProgress) -> Void
  ) throws -> AblationCell? {
    let start = ProcessInfo.processInfo.systemUptime
    shared.beginArm()
    let (cell, notes) = try cell(
      try configuration.makeTask(isReported: true), shared, laboratory,
      { tell(.doing($0)) }, since: start)
    if repetition == 0 { for note in notes { tell(.note("note: \(note)")) } }
    return cell
  }

  /// Saves what was computed.
  func save(_ cell: AblationCell?) throws {
    try AblationCellFile(cell, identity: identity).write(to: path)
  }

  /// What the arm chose and how it fared.
  private func cell<Task: LearningTask>(
    _ task: Task, _ shared: SharedChoices, _ laboratory: Laboratory,
    _ progress: @escaping (String) -> Void, since start: TimeInterval
  ) throws -> (AblationCell?, notes: [String]) {
    let (bench, notes) = try bench(configuration, task, shared, laboratory, progress)
    guard let choice = try arm.choose(bench) else { return (nil, notes) }
    let chosen = ProcessInfo.processInfo.systemUptime
    return (
      AblationCell(
        choice, hasTuned: shared.hasTuned, seconds: chosen - start + shared.borrowedSeconds,
        test: test(choice)), notes
    )
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
    Budget(gradients: 2 * configuration.ablation.seeds * configuration.evaluationSteps)
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

  private func test<Task: LearningTask>(_ choice: ArmChoice<Task>) -> TestedRuns {
    let problem = choice.problem.training(for: configuration.evaluationSteps)
    let runs = problem.evaluationRuns(
      configuration.outer, seed: configuration.seed, role: .test,
      count: UInt64(configuration.ablation.seeds))
    var learned = choice.learned
    if learned.initialWeights.isEmpty {
      learned.initialWeights =
        problem.sharedInitialWeights(configuration.outer, seed: configuration.seed) ?? []
    }
    let point = problem.hyperparameters(learned)
    return TestFunction(problem, like: runs)(runs, at: point)
  }
}

extension RunConfiguration {
  /// What decides an arm's cell: all but names, and how often things are saved.
  fileprivate func keyed(by arm: any AblationArm) -> RunConfiguration {
    var copy = self
    copy.ablation.arms = [ComparedArm(arm)]
    (copy.ablation.repetitions, copy.ablation.margin) = (1, nil)
    copy.ablation.factors = []
    return copy.withoutBookkeeping
  }

  /// What decides what is learned.
  fileprivate var learningKey: String {
    var copy = withoutBookkeeping
    copy.ablation = AblationConfiguration(tuning: TuningConfiguration())
    return copy.canonicalJSON
  }

  /// What decides how rates fare that are given, on tuning seeds.
  fileprivate var trainingKey: String {
    var copy = withoutBookkeeping
    copy.rates = RateSpecification()
    copy.memory = .policy(.segments)
    copy.ablation = AblationConfiguration(tuning: ablation.tuning)
    copy.outer = OuterSpecification()
    (copy.outer.learning, copy.outer.initialWeights) = (outer.learning, outer.initialWeights)
    copy.outer.validation.steps = outer.validation.steps
    return copy.canonicalJSON
  }

  private var withoutBookkeeping: RunConfiguration {
    var copy = self
    copy.name = "cell"
    copy.checkpoint = CheckpointConfiguration()
    copy.history = HistoryConfiguration()
    copy.testRuns = RunConfiguration.standard.testRuns
    return copy
  }
}

extension ComparedArm {
  /// What tables call the arm, from what its choice calls itself.
  func displayName(_ own: String) -> String {
    let name = name ?? own
    return levels.isEmpty ? name : "\(name) (\(levels.shortText))"
  }
}

extension AblationArm {
  /// The word for the kind of arm.
  fileprivate var word: String { Self.word }
}
