import Settings

/// How rates adapt by one-step hypergradients while weights are trained.
public struct OnlineSpecification: Sendable, Equatable {
  /// What a one-step hypergradient does to a rate.
  public enum Rule: String, Sendable, CaseIterable {
    /// α ← α + β h.
    case additive
    /// α ← α (1 + β h/(rms(g) rms(d))), the fraction limited to ±1: rates keep their sign.
    case multiplicative
    /// Sutton's incremental delta-bar-delta, for linear models trained one example at a time.
    case idbd
  }

  /// The rule, h being g_{t+1}⊙s_t d_t.
  public var rule: Rule
  /// β, the rate of the rates.
  public var metaRate: Double
  /// What no rate falls below.
  public var floor: Double

  /// Whether rates above 0 stay there.
  public var keepsRatesPositive: Bool {
    switch rule {
    case .additive: floor > 0
    case .multiplicative: metaRate < 1 || floor > 0
    // Each is multiplied by an exponential.
    case .idbd: true
    }
  }

  /// The additive rule at meta-rate 0.001 with no rate below 0, unless said otherwise.
  public init(_ rule: Rule = .additive, metaRate: Double = 1e-3, floor: Double = 0) {
    self.rule = rule
    self.metaRate = metaRate
    self.floor = floor
  }
}

extension OnlineSpecification: Configurable {
  /// Rule, meta-rate, floor.
  public static let schema = Schema<Self>(
    "rates that adapt by one-step hypergradients while weights are trained",
    Setting("rule", \.rule, .word("a rule"), "what a one-step hypergradient does to a rate"),
    Setting("metaRate", \.metaRate, .number(.nonnegative), "the rate of the rates"),
    Setting("floor", \.floor, .number(.nonnegative), "what no rate falls below"))
}
