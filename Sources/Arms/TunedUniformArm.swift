import MetaLearning
import Reports
import Settings

/// The best of many uniform rates.
public struct TunedUniformArm: AblationArm {
  /// The word for it.
  public static let word = "tunedUniform"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>("the best of many uniform rates")

  /// The best of many uniform rates.
  public init() {}

  /// As many candidates as a search of one rate has.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.expectedUniform()
  }

  /// The rate with the lowest validation loss.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    let tuning = bench.tunedUniform()
    let rate = tuning.best.values[0]
    return bench.choice(
      named: "tuned uniform", "rate \(Format.number(rate))",
      by: "at least \(bench.search.rates) log-spaced rates.",
      at: tuning.budget, .global, [rate])
  }
}
