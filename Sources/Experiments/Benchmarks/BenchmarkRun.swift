import MetaLearning
import TensorPrograms

/// A workload ready to be timed.
package struct BenchmarkRun {
  /// Seconds until the first result, compilation included.
  package let preparation: Double
  /// What the first result was.
  package let outcome: BenchmarkOutcome
  /// One measured unit.
  let unit: () -> Void
  /// The program that takes most of it, and what it is run on.
  package let compiled: CompiledFunction
  package let arguments: [Tensor]
}

/// What frameworks that measure the same must agree on.
package struct BenchmarkOutcome: Sendable {
  /// The outer loss.
  package var loss: Double
  /// The norm of the gradient with respect to initial weights; nil where there is none.
  package var initialNorm: Double?
  /// The norm of the gradient with respect to rates; nil where there is none.
  package var ratesNorm: Double?
  /// The norm over everything that is differentiated or, of rates that adapt, of the last rates.
  package var hypergradientNorm: Double?
  /// The norm of the last rates less the first, of rates that adapt.
  package var rateChangeNorm: Double?
}

extension BenchmarkRun {
  /// One hypergradient with respect to rates and initial weights.
  init<Task: LearningTask>(
    hypergradientOf problem: InnerProblem<Task>, _ batch: EpisodeBatch, rates: [Tensor]
  ) {
    let start = Timing.now
    let hypergradient = ReverseHypergradient(
      problem, like: batch, targets: [.rates, .initialWeights])
    let unit = { hypergradient(batch, raw: rates, scalars: problem.scalars) }
    let found = unit()
    self.init(
      preparation: Timing.now - start, outcome: BenchmarkOutcome(found), unit: { _ = unit() },
      compiled: hypergradient.compiled,
      arguments: hypergradient.arguments(batch, raw: rates, scalars: problem.scalars))
  }

  /// One training run without any derivative with respect to rates.
  init<Task: LearningTask>(
    trainingOf problem: InnerProblem<Task>, _ batch: EpisodeBatch, rates: [Tensor]
  ) {
    let start = Timing.now
    let evaluate = EvaluationFunction(problem, like: batch)
    let unit = { evaluate(batch, raw: rates, scalars: problem.scalars) }
    let found = unit()
    self.init(
      preparation: Timing.now - start, outcome: BenchmarkOutcome(loss: found.objective),
      unit: { _ = unit() }, compiled: evaluate.compiled,
      arguments: evaluate.arguments(batch, raw: rates, scalars: problem.scalars))
  }
}

extension BenchmarkOutcome {
  init(_ hypergradient: Hypergradient) {
    self.init(
      loss: hypergradient.objective, initialNorm: globalNorm(hypergradient.initial),
      ratesNorm: globalNorm(hypergradient.rates),
      hypergradientNorm: globalNorm(hypergradient.initial + hypergradient.rates))
  }
}
