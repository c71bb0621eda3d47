import Arms
import Settings

/// How arms are compared: which, the search that tuned ones get, how often all of it is repeated,
/// and the runs to evaluate on.
public struct AblationConfiguration: Sendable {
  /// How often arms choose and are tested, each time with seeds and test rows of its own.
  public var repetitions: Int
  /// Test runs of each repetition; tuning and learning see none of them.
  public var seeds: Int
  /// Inner steps of test runs, one comparison for each; nil for those of validation runs, by which
  /// everything is chosen.
  public var horizons: [Int]?
  /// The ways to choose rates that are compared; the last is held against each of the others.
  public var arms: [ComparedArm]
  /// Settings whose values cross with every arm that learns: a run of the ablation for each.
  public var factors: [Factor]
  /// Differences in test loss that do not matter: arms are said to be as good as one another where
  /// the interval lies within it; nil to say so of none.
  public var margin: Double?
  /// Whether what arms learned is kept as checkpoints, beside what it came to.
  public var keepsRates: Bool
  /// The search that tuned arms get.
  public var tuning: TuningConfiguration

  /// More arms than anybody compares.
  static let mostArms = 1000

  /// Five repetitions of twenty runs and the three standard arms, unless said otherwise.
  public init(
    repetitions: Int = 5, seeds: Int = 20,
    arms: [any AblationArm] = [TunedUniformArm(), TunedLayerFactorArm(), LearnedArm()],
    horizons: [Int]? = nil, factors: [Factor] = [], margin: Double? = nil,
    keepsRates: Bool = true,
    tuning: TuningConfiguration = TuningConfiguration()
  ) {
    self.horizons = horizons
    self.keepsRates = keepsRates
    self.repetitions = repetitions
    self.seeds = seeds
    self.factors = factors
    self.margin = margin
    self.arms = arms.map { ComparedArm($0) }
    self.tuning = tuning
  }

  /// The arms, those that learn once for each combination of the factors' values.
  package var crossedArms: [ComparedArm] {
    let combinations = factors.reduce([[]]) { rows, factor in
      rows.flatMap { row in factor.values.map { row + [Change(factor.key, $0)] } }
    }
    return arms.flatMap { arm in
      guard arm.arm.learns, !factors.isEmpty else { return [arm] }
      return combinations.map { levels in
        var crossed = arm
        crossed.changes += levels
        crossed.levels = levels
        return crossed
      }
    }
  }
}

extension AblationConfiguration: Configurable {
  /// Repetitions, seeds, arms, margin, tuning.
  public static let schema = Schema<Self>(
    "how arms are chosen and compared",
    Setting(
      "repetitions", \.repetitions, .integer(1...1000), unit: "repetitions",
      "how often arms choose and are tested, with seeds and test rows of their own"),
    Setting(
      // Differences of one run have no interval.
      "seeds", \.seeds, .integer(2...100_000), unit: "runs",
      "test runs of each repetition"),
    Setting(
      "horizons", \.horizons, .optional(.list(of: .integer(), isUnique: true)), unit: "steps",
      "inner steps of test runs, a comparison for each; none for those of validation runs",
      isWritten: { $0.horizons != nil }),
    Setting(
      "arms", \.arms, .list(of: .comparedArm, isUnique: true),
      "ways to choose rates; the last is held against each of the others"),
    Setting(
      "factors", \.factors, .factors,
      "settings whose values cross with the arms that learn, such as outer.clip",
      byDefault: "none", isWritten: { !$0.factors.isEmpty }),
    Setting(
      "margin", \.margin, .optional(.number(.positive)),
      "differences in test loss up to this do not matter; none to call nothing equal"),
    Setting(
      "keepRates", \.keepsRates, .flag,
      "whether what arms learned is kept as checkpoints in cells/, for `analyze` and `inspect`",
      isWritten: { !$0.keepsRates }),
    Setting("tuning", \.tuning, .section(TuningConfiguration()), "the search of tuned arms")
  ).refusing { ablation, _ in
    ablation.arms.count >= 2
      ? nil
      : Conflict(
        "arms",
        "found \(ablation.arms.count == 0 ? "none" : "one"), expected two or more to compare")
  }
}
