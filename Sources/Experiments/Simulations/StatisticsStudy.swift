import Checkpoints
import Foundation
import Reports
import Synchronization

/// Everything that reports infer, simulated: how often intervals cover and verdicts err.
package struct StatisticsStudy: Sendable {
  /// How many experiments each cell simulates: a share near 95 % is then known to ±0.3 points.
  package static let trials = 20_000
  /// How many repetitions arms have where intervals are simulated.
  package static let repetitions = [3, 4, 5, 6, 7, 8, 10, 12, 15, 20]
  /// The same where verdicts are: sign flips are counted exactly up to 15.
  package static let familyRepetitions = [5, 6, 10, 12]
  /// The chance of a test run to diverge, where some do: one repetition in ten has such a run.
  package static let divergence = 0.01

  package let trials: Int
  package let coverages: [CoverageSimulation]
  package let levels: [LevelSimulation]

  /// Simulates all cells, on all cores; the same numbers for any number of them.
  package init(trials: Int = Self.trials, progress: @escaping @Sendable (String) -> Void) {
    self.trials = trials
    let pairs = SimulatedErrors.allCases.flatMap { errors in
      SimulatedPair.Scenario.allCases.map { SimulatedPair(errors, $0) }
    }
    coverages = Self.concurrently(pairs, "pairs of arms, for coverage", progress) { pair in
      let truth = pair.truth()
      return Self.repetitions.map {
        CoverageSimulation(pair, truth: truth, repetitions: $0, trials: trials)
      }
    }.flatMap(\.self)
    let families = Self.familyRepetitions.flatMap { repetitions in
      [0.0, Self.divergence].flatMap { divergence in
        SimulatedErrors.allCases.map {
          (repetitions: repetitions, divergence: divergence, errors: $0)
        }
      }
    }
    levels = Self.concurrently(families, "families of comparisons", progress) { family in
      LevelSimulation(
        family.errors, repetitions: family.repetitions, divergence: family.divergence,
        trials: trials)
    }
  }

  private static func concurrently<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ what: String, _ progress: @escaping @Sendable (String) -> Void,
    _ compute: @escaping @Sendable (Input) -> Output
  ) -> [Output] {
    let outputs = Mutex([Output?](repeating: nil, count: inputs.count))
    DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
      let output = compute(inputs[index])
      outputs.withLock {
        $0[index] = output
        progress("\($0.count { $0 != nil }) of \(inputs.count) \(what)")
      }
    }
    return outputs.withLock { $0.compactMap(\.self) }
  }

  /// The shares of an interval and scenario, by errors, at a number of repetitions.
  private func shares(
    _ interval: CoverageSimulation.Interval, _ scenario: SimulatedPair.Scenario, _ repetitions: Int
  ) -> [Double] {
    coverages.filter { $0.pair.scenario == scenario && $0.repetitions == repetitions }
      .map { $0.coverage(interval) }
  }

  /// From how many repetitions on an interval of arms that do not differ covers between 93 and 97 %
  /// under all errors; nil where it does not at the greatest number.
  package func leastRepetitions(_ interval: CoverageSimulation.Interval) -> Int? {
    Self.repetitions.reversed().prefix { repetitions in
      shares(interval, .equal, repetitions).allSatisfy(ShownIntervals.coverage.contains)
    }.last
  }

  /// What the simulation does not support, in words; empty if all is well.
  package var faults: [String] {
    let intervals = CoverageSimulation.Interval.allCases.filter {
      leastRepetitions($0) != $0.shownFrom
    }.map { interval in
      "the interval of the \(interval.rawValue) is shown from \(interval.shownFrom ?? .max) "
        + "repetitions on, and covers as it should from \(leastRepetitions(interval) ?? .max) on"
    }
    // Three binomial standard errors.
    let most = 0.05 + 3 * (0.05 * 0.95 / Double(trials)).squareRoot()
    return intervals
      + levels.filter { Double(max($0.falseVerdicts, $0.falseSignFlips)) > most * Double(trials) }
      .map {
        "verdicts on \($0.repetitions) repetitions with \($0.errors.rawValue) errors err too often"
      }
  }
}
