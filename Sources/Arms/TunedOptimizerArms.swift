import MetaLearning
import Settings

// Optimizers at their best by the same search, with one rate for all parameters: so that nobody
// says that learned rates were compared with hobbled ones.

/// One rate for all parameters, in the form that every rate can be given in.
private let uniform = [
  Change("rates.granularity", .text("global")), Change("rates.time", .text("constant")),
  Change("rates.parameterization", .text("direct")), Change("rates.initial", .text("uniform")),
]

extension SearchedSetting {
  /// The uniform rate, in a range that is widened where the best lies at an end.
  fileprivate static func rate(_ range: ClosedRange<Double>) -> SearchedSetting {
    .log("rates.initial.rate", range)
  }

  fileprivate static func number(_ word: String, _ values: [Double]) -> SearchedSetting {
    SearchedSetting("inner.optimizer.\(word)", .listed(values.map { .number($0) }))
  }
}

extension TuningConfiguration {
  /// Directions of about one have rates far below those of gradients.
  fileprivate var ratesOfUnitDirections: ClosedRange<Double> { (lowest / 100)...(highest / 10) }
}

/// Heavy-ball momentum at its best rate and momentum.
public struct TunedMomentumArm: AblationArm {
  /// The word for it.
  public static let word = "tunedMomentum"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>("momentum at its best rate and momentum")

  /// Momentum.
  public init() {}

  /// Momentum with a uniform rate.
  public var implied: [Change] { [Change("inner.optimizer", .text(Momentum.word))] + uniform }

  /// The rate and the momentum.
  public func searched(_ search: TuningConfiguration) -> [SearchedSetting] {
    [
      .rate(search.lowest...search.highest), .number("momentum", [0, 0.5, 0.8, 0.9, 0.95, 0.98]),
    ]
  }

  /// As many candidates as a search of these settings has.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.costOfSearching(searched(bench.search))
  }

  /// The candidate with the lowest validation loss.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    try bench.tuned(searched(bench.search), named: "tuned momentum")
  }
}

/// Adam at its best rate, decays and ε_root.
public struct TunedAdamArm: AblationArm {
  /// The word for it.
  public static let word = "tunedAdam"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>("Adam at its best rate, decays and ε_root")

  /// Adam.
  public init() {}

  /// Adam with a uniform rate.
  public var implied: [Change] { [Change("inner.optimizer", .text(Adam.word))] + uniform }

  /// The rate, both decays and ε_root.
  public func searched(_ search: TuningConfiguration) -> [SearchedSetting] {
    [
      .rate(search.ratesOfUnitDirections), .number("beta1", [0.8, 0.9]),
      .number("beta2", [0.95, 0.99, 0.999]), .number("epsilonRoot", [0, 1e-8]),
    ]
  }

  /// As many candidates as a search of these settings has.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.costOfSearching(searched(bench.search))
  }

  /// The candidate with the lowest validation loss.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    try bench.tuned(searched(bench.search), named: "tuned Adam")
  }
}

/// AdamW at its best rate, decays and ε_root.
public struct TunedAdamWArm: AblationArm {
  /// The word for it.
  public static let word = "tunedAdamW"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>("AdamW at its best rate, decays and ε_root")

  /// AdamW.
  public init() {}

  /// AdamW with a uniform rate.
  public var implied: [Change] { [Change("inner.optimizer", .text(AdamW.word))] + uniform }

  /// The rate, the decay of squares, that of weights and ε_root.
  public func searched(_ search: TuningConfiguration) -> [SearchedSetting] {
    [
      .rate(search.ratesOfUnitDirections), .number("beta2", [0.95, 0.99, 0.999]),
      .number("weightDecay", [0, 0.01, 0.1]), .number("epsilonRoot", [0, 1e-8]),
    ]
  }

  /// As many candidates as a search of these settings has.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.costOfSearching(searched(bench.search))
  }

  /// The candidate with the lowest validation loss.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    try bench.tuned(searched(bench.search), named: "tuned AdamW")
  }
}
