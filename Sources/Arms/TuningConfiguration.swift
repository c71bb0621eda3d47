import Settings

/// A search in log space over uniform rates, and over pairs of a base and a layer factor.
public struct TuningConfiguration: Sendable, Equatable {
  /// Seeds that each candidate is evaluated on.
  public var seeds: Int
  /// Candidates for one uniform rate.
  public var rates: Int
  /// The least candidate rate.
  public var lowest: Double
  /// The greatest candidate rate.
  public var highest: Double
  /// Candidates for two numbers together.
  public var pairs: Int
  /// The least candidate factor.
  public var lowestFactor: Double
  /// The greatest candidate factor.
  public var highestFactor: Double

  /// Fourteen rates from 0.01 to 3 and forty pairs on five seeds, unless said otherwise.
  public init(
    seeds: Int = 5, rates: Int = 14, lowest: Double = 0.01, highest: Double = 3, pairs: Int = 40,
    lowestFactor: Double = 0.25, highestFactor: Double = 4
  ) {
    self.seeds = seeds
    self.rates = rates
    self.lowest = lowest
    self.highest = highest
    self.pairs = pairs
    self.lowestFactor = lowestFactor
    self.highestFactor = highestFactor
  }
}

extension TuningConfiguration: Configurable {
  /// Candidates and their ranges.
  public static let schema = Schema<Self>(
    "a search in log space",
    Setting(
      "seeds", \.seeds, .integer(1...100_000), unit: "runs",
      "runs that each candidate is evaluated on"),
    Setting(
      "rates", \.rates, .integer(1...SearchRange.mostValues), unit: "candidates",
      "candidates for one rate"),
    Setting("lowest", \.lowest, .number(.positive), "the least rate"),
    Setting("highest", \.highest, .number(.positive), "the greatest rate"),
    Setting(
      "pairs", \.pairs, .integer(1...SearchRange.mostValues), unit: "candidates",
      "candidates for two numbers"),
    Setting("lowestFactor", \.lowestFactor, .number(.positive), "the least factor or ratio"),
    Setting("highestFactor", \.highestFactor, .number(.positive), "the greatest factor or ratio")
  ).refusing { tuning, written in
    .unordered("lowest", tuning.lowest, "highest", tuning.highest, written)
      ?? .unordered(
        "lowestFactor", tuning.lowestFactor, "highestFactor", tuning.highestFactor, written)
  }
}
