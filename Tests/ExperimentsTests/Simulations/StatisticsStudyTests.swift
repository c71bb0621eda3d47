import Experiments
import Reports
import Testing

/// A short form of `metarate verify --statistics`, whose long form is in results/statistics.
@Suite("Statistics of repetitions, simulated")
struct StatisticsStudyTests {
  private static let trials = 1500
  /// Three binomial standard errors of a share near 95 %, or near 5 %.
  private static let error = 3 * (0.05 * 0.95 / Double(trials)).squareRoot()

  @Test(
    "intervals that are shown cover 93 to 97 %", arguments: SimulatedErrors.allCases, [5, 10, 20])
  func coverage(errors: SimulatedErrors, repetitions: Int) {
    let simulation = CoverageSimulation(
      errors, .equal, repetitions: repetitions, trials: Self.trials)
    for interval in CoverageSimulation.Interval.allCases {
      guard let least = interval.shownFrom, repetitions >= least else { continue }
      let share = simulation.coverage(interval)
      let (low, high) = (ShownIntervals.coverage.lowerBound, ShownIntervals.coverage.upperBound)
      #expect(
        share >= low - Self.error && share <= high + Self.error, "\(interval.rawValue): \(share)")
    }
  }

  @Test("where nearly all repetitions turn out alike, shares are not held for more certain")
  func rareRepetitions() {
    // With the spread alone, 80 to 86 % here.
    for repetitions in [8, 20] {
      let simulation = CoverageSimulation(
        .logNormal, .betterVarying, repetitions: repetitions, trials: Self.trials)
      #expect(simulation.coverage(.improvement) >= 0.93 - Self.error)
    }
  }

  @Test(
    "A/A: seven arms and an eighth are told apart in at most 5 % of families",
    arguments: SimulatedErrors.allCases, [5, 6, 10])
  func level(errors: SimulatedErrors, repetitions: Int) {
    let simulation = LevelSimulation(errors, repetitions: repetitions, trials: Self.trials)
    let most = (0.05 + Self.error) * Double(Self.trials)
    #expect(Double(simulation.falseVerdicts) <= most, "\(simulation.falseVerdicts)")
    #expect(Double(simulation.falseSignFlips) <= most, "\(simulation.falseSignFlips)")
  }

  @Test("A/A where a tenth of repetitions diverge", arguments: [5, 6, 10])
  func levelWithDivergence(repetitions: Int) {
    let simulation = LevelSimulation(
      .normal, repetitions: repetitions, divergence: StatisticsStudy.divergence,
      trials: Self.trials)
    #expect(Double(simulation.falseVerdicts) <= (0.05 + Self.error) * Double(Self.trials))
  }
}
