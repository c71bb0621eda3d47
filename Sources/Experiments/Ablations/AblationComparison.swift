import Configurations
import MetaLearning
import Reports
import TensorPrograms

/// Arms after test runs of one length: the last of them against each of the others.
package struct AblationComparison: Sendable {
  /// Inner steps of the test runs.
  package let steps: Int
  package let arms: [TestedArm]
  /// The last arm minus each of the others, in means of repetitions.
  package let differences: [JudgedDifference]
  let ablation: AblationConfiguration
  /// What the experiment is called.
  let name: String
  /// Whether uses until an arm has paid for itself mean something: there are arms to hold it
  /// against, and the loss that runs are compared by is the last one of their curves.
  let hasBreakEven: Bool

  var repetitions: Int { ablation.repetitions }

  /// One comparison for each horizon; verdicts are those of all of them as one family.
  static func all(_ arms: [[AblationCell]], _ configuration: RunConfiguration) -> [Self] {
    guard !arms.isEmpty else { return [] }
    let horizons = configuration.testHorizons
    let tested = horizons.indices.map { horizon in
      arms.map { TestedArm($0, horizon: horizon) }
    }
    let differences = tested.enumerated().flatMap { horizon, tested in
      tested.dropLast().enumerated().map { index, arm in
        ArmDifference(
          tested[tested.count - 1], arm, margin: configuration.ablation.margin,
          generator: RandomStream(
            seed: configuration.seed, purpose: "sign flips \(horizon) \(index)"))
      }
    }
    let judged = JudgedDifference.family(differences)
    let others = arms.count - 1
    return horizons.indices.map { horizon in
      AblationComparison(
        steps: horizons[horizon], arms: tested[horizon],
        differences: Array(judged[horizon * others..<(horizon + 1) * others]),
        ablation: configuration.ablation, name: configuration.name,
        hasBreakEven: arms.count > 1 && configuration.objective == .final)
    }
  }
}
