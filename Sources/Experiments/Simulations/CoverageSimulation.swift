import Reports
import TensorPrograms

/// How often intervals at 95 % cover the truth of simulated arms.
package struct CoverageSimulation: Sendable {
  /// An interval that is simulated.
  package enum Interval: String, CaseIterable, Sendable {
    case pairedMean = "mean of paired differences"
    case interquartileMean = "interquartile mean"
    case improvement = "probability of improvement"
    case singleMean = "mean of one arm"

    /// From how many repetitions on reports show it; nil where they do not.
    package var shownFrom: Int? {
      switch self {
      case .pairedMean: ShownIntervals.pairedMean
      case .interquartileMean: ShownIntervals.interquartileMean
      case .improvement: ShownIntervals.share
      case .singleMean: nil
      }
    }
  }

  package let pair: SimulatedPair
  package let repetitions: Int
  package let trials: Int
  /// How often each interval covered the truth.
  package let covered: [Interval: Int]

  /// Simulates experiments of two arms.
  package init(
    _ errors: SimulatedErrors, _ scenario: SimulatedPair.Scenario, repetitions: Int, trials: Int
  ) {
    let pair = SimulatedPair(errors, scenario)
    self.init(pair, truth: pair.truth(), repetitions: repetitions, trials: trials)
  }

  init(_ pair: SimulatedPair, truth: SimulatedPair.Truth, repetitions: Int, trials: Int) {
    (self.pair, self.repetitions, self.trials) = (pair, repetitions, trials)
    var stream = RandomStream(
      seed: UInt64(repetitions),
      purpose: "coverage of \(pair.errors.rawValue), \(pair.scenario.rawValue)")
    let level = PairedDifference.level
    var covered = [Interval: Int]()
    for _ in 0..<trials {
      let first = (0..<repetitions).map { _ in pair.first(SimulatedPair.runs, &stream) }
      let second = (0..<repetitions).map { _ in pair.second(SimulatedPair.runs, &stream) }
      let means = first.map { Summary($0).mean }
      let differences = zip(means, second).map { $0 - Summary($1).mean }
      let shares = ProbabilityOfImprovement(first: first, second: second).byRepetition
      func count(_ interval: Interval, _ range: ClosedRange<Double>?, _ truth: Double) {
        if range?.contains(truth) ?? false { covered[interval, default: 0] += 1 }
      }
      count(
        .pairedMean, StudentInterval.ofMean(of: differences, level: level), truth.difference)
      count(.singleMean, StudentInterval.ofMean(of: means, level: level), truth.mean)
      count(
        .interquartileMean, InterquartileMean.interval(ofSorted: means.sorted(), level: level),
        truth.interquartileMean)
      count(.improvement, ShareInterval.ofMean(of: shares, level: level), truth.improvement)
    }
    self.covered = covered
  }

  /// The share of experiments in which an interval covered the truth.
  package func coverage(_ interval: Interval) -> Double {
    Double(covered[interval] ?? 0) / Double(trials)
  }
}
