import Settings

/// What the learning rates of a model are: every combination is an exact restriction of one rate a
/// parameter and step, so that baselines are the same program with fewer degrees of freedom.
public struct RateSpecification: Sendable {
  /// Which parameters share a rate.
  public var granularity: Granularity
  /// How rates change over the inner steps.
  public var time: RateTime
  /// How trainable numbers become rates.
  public var parameterization: Parameterization
  /// Where learning starts.
  public var initial: any InitialRates

  /// One rate per parameter, constant, in log space, from 0.1, unless said otherwise.
  public init(
    granularity: Granularity = .parameter, time: RateTime = .constant,
    parameterization: Parameterization = .log, initial: any InitialRates = UniformRates()
  ) {
    self.granularity = granularity
    self.time = time
    self.parameterization = parameterization
    self.initial = initial
  }
}

extension RateSpecification: Configurable {
  /// Granularity, time, parameterization, initial value.
  public static let schema = Schema<Self>(
    "what the learning rates are",
    Setting("granularity", \.granularity, .granularity, "which parameters share a rate"),
    Setting("time", \.time, .rateTime, "how rates change over the inner steps"),
    Setting(
      "parameterization", \.parameterization, .parameterization,
      "how trainable numbers become rates"),
    Setting("initial", \.initial, .kind(of: .initialRates), "rates before anything is learned"))
}
