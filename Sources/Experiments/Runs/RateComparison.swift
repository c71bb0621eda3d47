import Arms
import Configurations
import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// Learned rates against the rates that learning started from, on test runs, paired run by run.
/// `RunSentences` says what those runs have that learning did not see.
package struct RateComparison: Sendable {
  package let initial: Evaluation
  package let learned: Evaluation
  /// Losses of the same runs on their way, by what they trained with.
  package let curves: [(name: String, curves: InnerCurves)]
  /// Learned minus initial, in test loss; nil where nothing that was learned is compared.
  package let difference: PairedDifference?
  /// The validation objective of the compared state, where validation chose it.
  package let validation: Double?
  /// The outer step whose rates were compared: the best by validation.
  package let step: Int
  /// The inner step's scalars before and after learning; empty where they were not learned.
  package let scalars: [(name: String, start: Double, learned: Double)]

  /// - Parameter initial: what learning started from.
  package init<Task: LearningTask>(
    _ configuration: RunConfiguration, _ problem: InnerProblem<Task>, _ state: OuterState,
    startedFrom initial: Learned
  ) {
    let problem = problem.training(
      for: configuration.outer.validation.steps ?? configuration.inner.steps)
    // Learned initial weights are part of what was learned; the start has those it began with.
    let best = state.best
    let runs = problem.evaluationRuns(
      configuration.outer, seed: configuration.seed, role: .test,
      count: UInt64(configuration.testRuns))
    let test = CurveFunction(
      problem, like: runs, every: CurveFiles.distance(steps: problem.specification.steps))
    // The scalars that are specified, not numbers that were brought to their range and back.
    let start = problem.hyperparameters(
      Learned(rates: initial.rates, initialWeights: initial.initialWeights))
    let end = problem.hyperparameters(best?.learned ?? state.learned)
    let (before, after) = (test(runs, at: start), test(runs, at: end))
    (self.initial, learned) = (before.end, after.end)
    curves = [("start", before), ("learned", after)]
    scalars =
      initial.scalars.isEmpty
      ? []
      : zip(problem.step.scalars.names, zip(start.scalars, end.scalars)).map {
        ($0, $1.0.scalar, $1.1.scalar)
      }
    step = best?.step ?? state.step
    validation = best?.objective
    difference = Self.difference(
      of: learned.objectives, and: self.initial.objectives, step: step, seed: configuration.seed)
  }

  /// Learned minus initial of test losses; nil where the start is the best state.
  ///
  /// - Parameters:
  ///   - step: the outer step of the learned state.
  ///   - seed: the run's.
  static func difference(
    of learned: [Double], and initial: [Double], step: Int, seed: UInt64
  ) -> PairedDifference? {
    // The start compared with itself says nothing, with whatever interval.
    guard step > 0 else { return nil }
    var stream = RandomStream(seed: seed, purpose: "bootstrap")
    return PairedDifference(first: learned, second: initial, generator: &stream)
  }

  /// What learning came to, in words.
  package var verdict: Verdict { Verdict(self) }
}
