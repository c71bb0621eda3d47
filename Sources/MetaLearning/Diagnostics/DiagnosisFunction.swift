import Synchronization
import TensorPrograms

/// Diagnostics of validation run 0, compiled when they are first asked for.
final class DiagnosisFunction<Task: LearningTask>: Sendable {
  private struct Compiled {
    let adjointNorms: AdjointNorms<Task>
    let sharpness: Sharpness<Task>
    /// Hypergradients of single runs, and the layout that says which of their units are exchanged.
    let exchange: (hypergradients: RunwiseHypergradient<Task>, layout: RateLayout)?
  }

  private let problem: InnerProblem<Task>
  private let initialRates: [Tensor]
  /// Exchanges units for a test of whether exchangeable parameters differ; nil where none is asked
  /// for.
  private let exchanging: RandomStream?
  private let compiled = Mutex<Compiled?>(nil)

  /// - Parameters:
  ///   - problem: what is trained.
  ///   - initialRates: the unconstrained rates that learning started from.
  ///   - exchanging: exchanges units, where it is asked whether exchangeable parameters differ.
  init(_ problem: InnerProblem<Task>, initialRates: [Tensor], exchanging: RandomStream?) {
    self.problem = problem
    self.initialRates = initialRates
    self.exchanging = exchanging
  }

  /// What validation run 0 shows.
  ///
  /// - Parameters:
  ///   - batch: the validation runs, or the first of them.
  ///   - trained: the inner step's states after them, [runs, …].
  ///   - isHypergradientZero: of each unconstrained tensor of rates, in the step that led to them.
  func callAsFunction(
    _ batch: EpisodeBatch, at point: Hyperparameters, trained: TrainingState,
    isHypergradientZero: [Bool]
  ) -> Diagnostics {
    let run = batch.run(0)
    let rows = run.episode.steps.map { $0[0][problem.specification.steps - 1] }
    let functions = compiled.withLock { compiled in
      let functions =
        compiled
        ?? Compiled(
          adjointNorms: AdjointNorms(problem, like: run),
          sharpness: Sharpness(problem, batch: rows.map(\.type)),
          exchange: exchanging.map { _ in
            let free = problem.assumingFreshWeights
            return (RunwiseHypergradient(free, like: batch, averagingOrbits: true), free.rates)
          })
      compiled = functions
      return functions
    }
    let movement = problem.rates.movement(of: point.rates, from: initialRates)
    // One run keeps one worker busy: two of them take one diagnosis each.
    let (adjointNorms, sharpness) = concurrently(
      { functions.adjointNorms(run, at: point) },
      {
        functions.sharpness(
          state: trained.mapTensors { $0[0] },
          rates: problem.appliedRates(point.rates, at: problem.specification.steps - 1),
          dataset: problem.task.dataset, batch: rows)
      })
    return Diagnostics(
      adjointSteps: functions.adjointNorms.steps, adjointNorms: adjointNorms,
      sharpness: sharpness,
      stabilityEdge: problem.stabilityEdge(point.scalars), fractionMoved: movement.moved,
      fractionNegative: movement.negative, fractionAtBound: movement.atBound,
      isHypergradientZero: isHypergradientZero,
      exchange: functions.exchange.flatMap { exchange in
        var generator = exchanging!
        return ExchangeTest(
          exchange.hypergradients(batch, at: point), exchange.layout, generator: &generator)
      })
  }
}
