import Foundation
import Reports
import TensorPrograms

/// Two arms whose truth is known, as repetitions with test runs inside them.
///
/// Run i of repetition r of an arm scores `level + spread·(a(r) + e(r, i))`: a(r) is what was
/// chosen in the repetition, e(r, i) the run itself.
package struct SimulatedPair: Sendable {
  package enum Scenario: String, CaseIterable, Sendable {
    /// Arms that do not differ; repetitions vary as much as runs.
    case equal = "equal arms"
    /// The same, where repetitions vary by a third of what runs do.
    case steadyRepetitions = "equal arms, repetitions vary 1/3 as much as runs"
    /// The same, where repetitions vary three times as much as runs.
    case varyingRepetitions = "equal arms, repetitions vary 3 × as much as runs"
    /// The first arm is better by 1.2 standard deviations of a run's score.
    case better = "first arm better by 1.2 sd"
    /// The same, where repetitions vary three times as much as runs.
    case betterVarying = "first arm better by 1.2 sd, repetitions vary 3 × as much"
    /// The second arm varies by a third of what the first does: what skews differences most.
    case narrower = "second arm varies 1/3 as much as the first"
  }

  /// How many test runs a repetition has.
  package static let runs = 10

  package let errors: SimulatedErrors
  package let scenario: Scenario

  package init(_ errors: SimulatedErrors, _ scenario: Scenario) {
    (self.errors, self.scenario) = (errors, scenario)
  }

  /// The standard deviation of repetitions, where that of runs is 1.
  private var ratio: Double {
    switch scenario {
    case .equal, .better, .narrower: 1
    case .steadyRepetitions: 1.0 / 3
    case .varyingRepetitions, .betterVarying: 3
    }
  }

  /// What the second arm scores more.
  private var gap: Double {
    scenario == .better || scenario == .betterVarying ? 1.2 * (1 + ratio * ratio).squareRoot() : 0
  }

  private var secondSpread: Double { scenario == .narrower ? 1.0 / 3 : 1 }

  /// The scores of a repetition of the first arm.
  func first(_ runs: Int = SimulatedPair.runs, _ stream: inout RandomStream) -> [Double] {
    let chosen = ratio * errors.draw(&stream)
    return (0..<runs).map { _ in chosen + errors.draw(&stream) }
  }

  /// The scores of a repetition of the second arm.
  func second(_ runs: Int = SimulatedPair.runs, _ stream: inout RandomStream) -> [Double] {
    first(runs, &stream).map { gap + secondSpread * $0 }
  }

  /// What intervals should cover.
  struct Truth: Sendable {
    let difference: Double
    let mean: Double
    let interquartileMean: Double
    let improvement: Double
  }

  /// How many repetitions truths that have no formula are taken from: their own error is a
  /// thousandth of a standard deviation, where the intervals reach a quarter.
  private static let truthCount = 1_000_000

  func truth() -> Truth {
    var stream = RandomStream(seed: 0, purpose: "truth of \(errors.rawValue), \(scenario.rawValue)")
    var interquartile = 0.0
    if !errors.isSymmetric {
      let means = (0..<Self.truthCount).map { _ in Summary(first(Self.runs, &stream)).mean }
      interquartile = InterquartileMean.of(sorted: means.sorted())
    }
    var improvement = 0.5
    if gap != 0 || secondSpread != 1 && !errors.isSymmetric {
      let wins = (0..<Self.truthCount).count { _ in first(1, &stream)[0] < second(1, &stream)[0] }
      improvement = Double(wins) / Double(Self.truthCount)
    }
    return Truth(
      difference: -gap, mean: 0, interquartileMean: interquartile, improvement: improvement)
  }
}
