import MetaLearning
import Reports
import Settings

/// The best of many pairs of rates, one for weights and one for biases, scales and offsets.
public struct TunedWeightsAndBiasesArm: AblationArm {
  /// The word for it.
  public static let word = "tunedWeightsAndBiases"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>("the best of many rates for weights and biases apart")

  /// The best of many pairs.
  public init() {}

  /// As many candidates as a search of two numbers has.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.costOfTuning(bench.search.pairs)
  }

  /// The pair with the lowest validation loss; nil for a model that has only one of the two.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    let parameters = bench.problem.parameters
    let isWeight = parameters.shapes.map { $0.rank >= 2 }
    guard isWeight.contains(true), isWeight.contains(false) else { return nil }
    func unconstrained(_ rate: Double, _ ratio: Double) -> [Double] {
      isWeight.map { $0 ? rate : rate * ratio }
    }
    bench.progress("tuning rates for weights and biases apart")
    let tuning = Tuning.pairs(bench, .tensor, unconstrained: unconstrained)
    let (rate, ratio) = (tuning.best.values[0], tuning.best.values[1])
    return bench.choice(
      named: "tuned weights and biases",
      "weights \(Format.number(rate)), biases \(Format.number(rate * ratio))",
      by: "at least \(bench.search.pairs) pairs.",
      at: tuning.budget, .tensor, unconstrained(rate, ratio))
  }
}
