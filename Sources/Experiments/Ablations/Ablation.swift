import Arms
import Configurations
import MetaLearning
import Reports
import TensorPrograms

/// An arm of an ablation, and how what it chose fares on test runs.
package struct Arm: Sendable {
  package let name: String
  /// What was chosen, in words.
  package let choice: String
  /// How it was chosen, in words.
  package let method: String
  package let budget: Budget
  /// Whether its runs start from weights that it learned.
  package let hasOwnWeights: Bool
  /// Test runs: data, weights and batch orders that no choice saw, the same for all arms.
  package let test: Evaluation
}

/// Ways to choose rates on the same unseen test runs.
///
/// Arms choose by rows that each run keeps from training; the test rows are looked at once, at the
/// end.
package struct Ablation: Sendable {
  package let configuration: RunConfiguration
  package let arms: [Arm]
  /// Whether an arm tuned rates on the tuning seeds.
  package let hasTuned: Bool
  /// The last arm minus each of the others, in test loss and, where there is one, in accuracy.
  package let differences: [(name: String, loss: PairedDifference, accuracy: PairedDifference?)]

  /// Chooses and compares.
  package init(
    _ configuration: RunConfiguration, progress: @escaping (String) -> Void
  ) throws {
    func run(_ task: some LearningTask) throws -> (arms: [Arm], hasTuned: Bool) {
      let (problem, startNotes) = try configuration.prepared(task, startsFromRates: false)
      for note in startNotes { progress("note: \(note)") }
      if let (file, _) = configuration.rates.initial.checkpoint {
        progress("note: the rates of \(file) are not used: arms choose or learn their own")
      }
      let bench = ArmBench(
        problem, outer: configuration.outer, memory: configuration.memory,
        search: configuration.ablation.tuning,
        seed: configuration.seed, progress: progress)
      return (try Ablation.run(configuration, bench), bench.hasTuned)
    }
    self.configuration = configuration
    (arms, hasTuned) = try run(try configuration.makeTask(isReported: true))
    guard let last = arms.last else {
      differences = []
      return
    }
    differences = arms.dropLast().map { arm in
      var stream = RandomStream(seed: configuration.seed, purpose: "bootstrap \(arm.name)")
      let loss = PairedDifference(
        first: last.test.objectives, second: arm.test.objectives, generator: &stream)
      let accuracy: PairedDifference? =
        arm.test.accuracies.isEmpty
        ? nil
        : PairedDifference(
          first: last.test.accuracies, second: arm.test.accuracies, generator: &stream)
      return ("\(last.name) − \(arm.name)", loss, accuracy)
    }
  }

  private static func run<Task: LearningTask>(
    _ configuration: RunConfiguration, _ bench: ArmBench<Task>
  ) throws -> [Arm] {
    // Everything is chosen before anything is tested.
    let choices = try configuration.ablation.arms.compactMap { try $0.choose(bench) }
    return choices.map { choice in
      Arm(
        name: choice.name, choice: choice.choice, method: choice.method, budget: choice.budget,
        hasOwnWeights: !choice.learned.initialWeights.isEmpty,
        test: test(configuration, choice))
    }
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
