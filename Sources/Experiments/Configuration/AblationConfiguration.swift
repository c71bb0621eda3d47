/// How arms are compared: the search that baselines get, and the runs to judge on.
package struct AblationConfiguration: Sendable, Equatable {
  /// Seeds that results are reported on; tuning and learning see none of them.
  package var seeds: Int
  /// The search that baselines get.
  package var tuning: TuningConfiguration

  /// Twenty seeds, unless said otherwise.
  package init(seeds: Int = 20, tuning: TuningConfiguration = TuningConfiguration()) {
    self.seeds = seeds
    self.tuning = tuning
  }
}

/// A search in log space over uniform rates, and over pairs of a base and a layer factor.
package struct TuningConfiguration: Sendable, Equatable {
  /// Seeds that each candidate is judged on.
  package var seeds: Int
  /// Candidates for one uniform rate.
  package var rates: Int
  /// The least candidate rate.
  package var lowest: Double
  /// The greatest candidate rate.
  package var highest: Double
  /// Candidates for a base and a factor.
  package var pairs: Int
  /// The least candidate factor.
  package var lowestFactor: Double
  /// The greatest candidate factor.
  package var highestFactor: Double

  /// Fourteen rates from 0.01 to 3 and forty pairs on five seeds, unless said otherwise.
  package init(
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
