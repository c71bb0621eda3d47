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
  /// Learned minus initial, in test loss; nil where nothing that was learned is compared.
  package let difference: PairedDifference?
  /// The validation objective of the compared state, where validation chose it.
  package let validation: Double?
  /// The outer step whose rates were compared: the best by validation.
  package let step: Int
  /// The inner step's scalars before and after learning; empty where they were not learned.
  package let scalars: [(name: String, start: Double, learned: Double)]

  /// - Parameter initialRaw: the raw rates that learning started from.
  package init<Task: LearningTask>(
    _ configuration: RunConfiguration, _ problem: InnerProblem<Task>, _ state: OuterState,
    initialRaw: [Tensor]
  ) {
    let problem = problem.training(
      for: configuration.outer.validation.steps ?? configuration.inner.steps)
    // Learned initial weights are part of what was learned; the start has those it began with.
    let best = state.best
    func batch(_ initial: [Tensor]? = nil) -> EpisodeBatch {
      problem.judgedRuns(
        configuration.outer, seed: configuration.seed, role: .test,
        count: UInt64(configuration.testRuns), initial: initial)
    }
    let first = batch()
    let evaluate = EvaluationFunction(problem, like: first)
    initial = evaluate(first, raw: initialRaw, scalars: problem.scalars)
    let raw = best?.scalars ?? state.scalars
    let scalars = raw.isEmpty ? problem.scalars : problem.step.scalars.effective(raw)
    learned = evaluate(
      batch(best?.initial ?? state.initial), raw: best?.raw ?? state.raw,
      scalars: scalars)
    self.scalars =
      raw.isEmpty
      ? []
      : zip(problem.step.scalars.names, zip(problem.scalars, scalars)).map {
        ($0, $1.0.scalar, $1.1.scalar)
      }
    step = best?.step ?? state.step
    validation = best?.objective
    var stream = RandomStream(seed: configuration.seed, purpose: "bootstrap")
    // The start compared with itself says nothing, with whatever interval.
    difference =
      step == 0
      ? nil
      : PairedDifference(
        first: learned.objectives, second: initial.objectives, generator: &stream)
  }

  /// What learning came to, in words.
  package var verdict: Verdict { Verdict(self) }

  /// One JSON object, with what diagnostics found out of order.
  package func json(warnings: [String]) -> String {
    let object: [String: Any] = [
      "test_runs": initial.objectives.count, "rates_of_step": step,
      "verdict": verdict.text, "learning_helped": verdict.isInFavour,
      "initial": RateComparison.numbers(initial), "learned": RateComparison.numbers(learned),
      "warnings": warnings,
    ]
    let data = try? JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
    return String(decoding: data ?? Data(), as: UTF8.self) + "\n"
  }

  private static func numbers(_ evaluation: Evaluation) -> [String: Any] {
    // JSON has no infinities: a run that diverged is null.
    [
      "losses": evaluation.objectives.map { $0.isFinite ? $0 as Any : NSNull() as Any },
      "accuracies": evaluation.accuracies,
    ]
  }
}
