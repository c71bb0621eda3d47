import MetaLearning
import Reports
import Settings

/// The configured initial rates, as they are: what somebody would use who tunes and learns nothing.
public struct AsWrittenArm: AblationArm {
  /// The word for it.
  public static let word = "asWritten"
  /// No settings: rates are configured outside.
  public static let schema = Schema<Self>("the configured initial rates, as they are")

  /// The configured initial rates.
  public init() {}

  /// They are the choice.
  public var readsInitialRates: Bool { true }

  /// What measuring them costs, of which most have nothing.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.problem.costOfInitialRates
  }

  /// The initial rates.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    let initial = bench.problem.rates.specification.initial
    return ArmChoice(
      name: "\(initial.word) as written", choice: initial.node.flowYAML,
      method: "nothing is chosen here; what choosing them cost elsewhere is not charged.",
      budget: bench.problem.costOfInitialRates, problem: bench.problem,
      learned: Learned(rates: try bench.problem.initialRates(seed: bench.seed)))
  }
}
