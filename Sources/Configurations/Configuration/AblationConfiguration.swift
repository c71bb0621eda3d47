import Arms
import Settings

/// How arms are compared: which, the search that tuned ones get, and the runs to evaluate on.
public struct AblationConfiguration: Sendable {
  /// Seeds that results are reported on; tuning and learning see none of them.
  public var seeds: Int
  /// The ways to choose rates that are compared; the last is held against each of the others.
  public var arms: [any AblationArm]
  /// The search that tuned arms get.
  public var tuning: TuningConfiguration

  /// Twenty seeds and the three standard arms, unless said otherwise.
  public init(
    seeds: Int = 20,
    arms: [any AblationArm] = [TunedUniformArm(), TunedLayerFactorArm(), LearnedArm()],
    tuning: TuningConfiguration = TuningConfiguration()
  ) {
    self.seeds = seeds
    self.arms = arms
    self.tuning = tuning
  }
}

extension AblationConfiguration: Configurable {
  /// Seeds, arms, tuning.
  public static let schema = Schema<Self>(
    "how arms are chosen and compared",
    Setting(
      // Differences of one run have no interval.
      "seeds", \.seeds, .integer(2...ConfigurationNode.mostCount), unit: "runs",
      "test runs that results are reported on"),
    Setting(
      "arms", \.arms, .list(of: .kind(of: .arms), isUnique: true),
      "ways to choose rates; the last is held against each of the others"),
    Setting("tuning", \.tuning, .section(TuningConfiguration()), "the search of tuned arms"))
}
