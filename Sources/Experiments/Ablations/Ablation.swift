import Arms
import Configurations
import Foundation
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// Ways to choose rates on the same unseen test runs, again and again with other seeds.
///
/// Arms choose by rows that each run keeps from training; the test rows are looked at once, at the
/// end. Everything that is chosen is chosen anew in each repetition, with a seed and, of a table, test
/// rows of its own: what one choice happened to become says little of the next.
package struct Ablation: Sendable {
  package let configuration: RunConfiguration
  /// What each arm came to, by repetition.
  package let arms: [[AblationCell]]
  /// The last arm minus each of the others, in means of repetitions.
  package let differences: [ArmDifference]

  /// Chooses and compares what the folder does not hold yet; each cell is saved when it is done.
  package init(
    _ configuration: RunConfiguration, in folder: RunFolder, progress: @escaping (String) -> Void
  ) throws {
    self.configuration = configuration
    try RunFolder.make(folder.cells)
    let repetitions = configuration.ablation.repetitions
    var cells: [[AblationCell?]] = []
    for repetition in 0..<repetitions {
      let of = repetitions == 1 ? "" : "repetition \(repetition + 1)/\(repetitions): "
      cells.append(
        try Ablation.cells(of: configuration.repeated(repetition), repetition, folder) {
          progress(of + $0)
        })
    }
    arms = configuration.ablation.arms.indices.compactMap { index in
      let chosen = cells.compactMap { $0[index] }
      if chosen.count == repetitions { return chosen }
      if !chosen.isEmpty {
        progress("note: \(chosen[0].name) is left out: it chose nothing in some repetitions")
      }
      return nil
    }
    guard let last = arms.last else {
      differences = []
      return
    }
    differences = arms.dropLast().map {
      ArmDifference(last, $0, seed: configuration.seed, margin: configuration.ablation.margin)
    }
  }

  /// The cells of one repetition: those that the folder has, and the others computed.
  private static func cells(
    of configuration: RunConfiguration, _ repetition: Int, _ folder: RunFolder,
    progress: @escaping (String) -> Void
  ) throws -> [AblationCell?] {
    let arms = configuration.ablation.arms
    let paths = arms.enumerated().map {
      "\(folder.cells)/repetition-\(repetition + 1)-arm-\($0 + 1)-\($1.word).json"
    }
    let files = try paths.map { path throws(RunError) in try AblationCellFile.read(path) }
    let kept = files.compactMap(\.self)
    if !kept.isEmpty {
      progress(
        "\(kept.count) of \(arms.count) arms are in \(folder.cells)"
          + (kept.contains(where: \.isFromElsewhere)
            ? "; computed by another version, processor or BLAS, bits may differ" : ""))
    }
    guard kept.count < arms.count else { return files.map { $0!.cell } }
    func computed<Task: LearningTask>(_ task: Task) throws -> [AblationCell?] {
      let (problem, startNotes) = try configuration.prepared(task, startsFromRates: false)
      if repetition == 0 {
        for note in startNotes { progress("note: \(note)") }
        if let (file, _) = configuration.rates.initial.checkpoint {
          progress("note: the rates of \(file) are not used: arms choose or learn their own")
        }
      }
      let bench = ArmBench(
        problem, outer: configuration.outer, memory: configuration.memory,
        search: configuration.ablation.tuning, seed: configuration.seed, progress: progress)
      return try arms.indices.map { index in
        if let file = files[index] { return file.cell }
        let start = ProcessInfo.processInfo.systemUptime
        let cell = try arms[index].choose(bench).map { choice in
          let test = test(configuration, choice)
          return AblationCell(
            choice, hasTuned: bench.hasTuned,
            seconds: ProcessInfo.processInfo.systemUptime - start, test: test)
        }
        try AblationCellFile(cell).write(to: paths[index])
        return cell
      }
    }
    return try computed(try configuration.makeTask(isReported: true))
  }

  private static func test<Task: LearningTask>(
    _ configuration: RunConfiguration, _ choice: ArmChoice<Task>
  ) -> Evaluation {
    let problem = choice.problem.training(for: configuration.evaluationSteps)
    let runs = problem.evaluationRuns(
      configuration.outer, seed: configuration.seed, role: .test,
      count: UInt64(configuration.ablation.seeds))
    var learned = choice.learned
    if learned.initialWeights.isEmpty {
      learned.initialWeights =
        problem.sharedInitialWeights(configuration.outer, seed: configuration.seed) ?? []
    }
    return EvaluationFunction(problem, like: runs)(runs, at: problem.hyperparameters(learned))
  }
}

extension RunConfiguration {
  /// The configuration of a repetition, counted from 0: `seed` and `task.splitSeed` go up by one each
  /// time, so that the first is the configuration itself.
  package func repeated(_ repetition: Int) -> RunConfiguration {
    var copy = self
    copy.seed &+= UInt64(repetition)
    copy.task.splitSeed = task.splitSeed.map { $0 &+ UInt64(repetition) }
    return copy
  }
}

extension AblationArm {
  /// The word for the kind of arm.
  fileprivate var word: String { Self.word }
}
