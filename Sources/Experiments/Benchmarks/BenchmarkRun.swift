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
  package let program: CompiledProgram
  package let arguments: [Tensor]
  /// Whether some units do more than others, so that their mean counts rather than their median.
  var isUneven = false
  /// The hypergradient that a unit has among other things; nil where a unit is no more.
  var hypergradient: (() -> Void)?
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
    hypergradientOf problem: InnerProblem<Task>, _ batch: EpisodeBatch, at learned: Learned
  ) {
    let point = problem.hyperparameters(learned)
    let start = Timing.now
    let hypergradient = ReverseHypergradient(
      problem, like: batch, targets: [.rates, .initialWeights])
    let unit = { hypergradient(batch, at: point) }
    let found = unit()
    self.init(
      preparation: Timing.now - start, outcome: BenchmarkOutcome(found), unit: { _ = unit() },
      program: hypergradient.program, arguments: hypergradient.tensors(batch, at: point))
  }

  /// One training run without any derivative with respect to rates.
  init<Task: LearningTask>(
    trainingOf problem: InnerProblem<Task>, _ batch: EpisodeBatch, at learned: Learned
  ) {
    let point = problem.hyperparameters(learned)
    let start = Timing.now
    let evaluate = EvaluationFunction(problem, like: batch)
    let unit = { evaluate(batch, at: point) }
    let found = unit()
    self.init(
      preparation: Timing.now - start, outcome: BenchmarkOutcome(loss: found.objective),
      unit: { _ = unit() }, program: evaluate.program,
      arguments: evaluate.tensors(batch, at: point))
  }
}

extension BenchmarkOutcome {
  init(_ hypergradient: Hypergradient) {
    self.init(
      loss: hypergradient.objective,
      initialNorm: globalNorm(hypergradient.gradient.initialWeights),
      ratesNorm: globalNorm(hypergradient.gradient.rates), hypergradientNorm: hypergradient.norm)
  }
}
