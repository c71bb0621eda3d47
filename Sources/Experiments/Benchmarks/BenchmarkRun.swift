import MetaLearning
import TensorPrograms

/// A workload ready to be timed.
package struct BenchmarkRun {
  /// Seconds until the first result, compilation included.
  package let preparation: Double
  /// What the first result was, or what else peers must agree on.
  package let outcome: () throws -> BenchmarkOutcome
  /// One measured unit.
  let unit: () -> Void
  /// The program that takes most of it, and what it is run on.
  package let program: CompiledProgram
  package let arguments: [Tensor]
  /// Equal parts that a unit has, one of which counts.
  var operations = 1
  /// Makes the hypergradient that a unit has among other things; nil where a unit is no more. Some
  /// of these units do more than others, so that their mean counts rather than their median.
  var hypergradient: (() -> () -> Void)?
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
    let outcome = BenchmarkOutcome(unit())
    self.init(
      preparation: Timing.now - start, outcome: { outcome }, unit: { _ = unit() },
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
    let outcome = BenchmarkOutcome(loss: unit().objective)
    self.init(
      preparation: Timing.now - start, outcome: { outcome },
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
