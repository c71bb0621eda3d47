import Arms
import MetaLearning
import Settings

/// One rate that nobody tuned.
struct FixedRateArm: AblationArm {
  var rate = 0.1

  static let word = "fixedRate"
  static let schema = Schema<Self>(
    "one rate that nobody tuned", Setting("rate", \.rate, .number(.positive), "the rate"))

  func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    bench.choice(
      named: "fixed", "rate \(rate)", by: "a guess.", at: Budget(), .global, [rate])
  }
}
