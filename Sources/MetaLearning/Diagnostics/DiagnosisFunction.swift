import Synchronization
import TensorPrograms

/// Diagnostics of validation run 0, compiled when they are first asked for.
final class DiagnosisFunction<Task: LearningTask>: Sendable {
  private struct Compiled {
    let adjointNorms: AdjointNorms<Task>
    let sharpness: Sharpness<Task>
  }

  private let problem: InnerProblem<Task>
  private let initialRaw: [Tensor]
  private let compiled = Mutex<Compiled?>(nil)

  /// - Parameter initialRaw: the raw rates that learning started from.
  init(_ problem: InnerProblem<Task>, initialRaw: [Tensor]) {
    self.problem = problem
    self.initialRaw = initialRaw
  }

  /// What validation run 0 shows.
  ///
  /// - Parameters:
  ///   - batch: the validation runs, or the first of them.
  ///   - trained: the inner step's states after them, [runs, …].
  ///   - isHypergradientZero: of each of the rates' raw tensors, in the step that led to the rates.
  func callAsFunction(
    _ batch: EpisodeBatch, trained: [Tensor], raw: [Tensor], scalars: [Tensor],
    isHypergradientZero: [Bool]
  ) -> Diagnostics {
    let run = batch.run(0)
    let rows = run.steps.map { $0[0][problem.specification.steps - 1] }
    let functions = compiled.withLock { compiled in
      let functions =
        compiled
        ?? Compiled(
          adjointNorms: AdjointNorms(problem, like: run),
          sharpness: Sharpness(problem, batch: rows.map(\.type)))
      compiled = functions
      return functions
    }
    let movement = problem.rates.movement(of: raw, from: initialRaw)
    return Diagnostics(
      adjointSteps: functions.adjointNorms.steps,
      adjointNorms: functions.adjointNorms(run, raw: raw, scalars: scalars),
      sharpness: functions.sharpness(
        state: trained.map { $0[0] }, rates: lastRates(raw), dataset: problem.task.dataset,
        batch: rows),
      stabilityEdge: problem.stabilityEdge(scalars), fractionMoved: movement.moved,
      fractionNegative: movement.negative, fractionAtBound: movement.atBound,
      isHypergradientZero: isHypergradientZero)
  }

  /// What the last step multiplies directions by, in the weights' shapes.
  private func lastRates(_ raw: [Tensor]) -> [Tensor] {
    let rates = problem.rates
    let specification = problem.specification
    let last = specification.steps - 1
    let now = rates.timeRows == nil ? raw : raw.map { $0[rates.rowOfStep(last + 1)[last]] }
    let multiplier = specification.schedule.multiplier(at: last, of: specification.steps)
    return rates.parameterRates(now).map { $0 * multiplier }
  }
}

extension Tensor {
  /// Whether all elements are exactly zero.
  var isZero: Bool { doubles.allSatisfy { $0 == 0 } }
}

extension EpisodeBatch {
  /// Steps of the runs before the first of the batch, where it is a stretch of longer ones.
  var earlierSteps: Int { clock.first.map { Int($0.doubles[0]) } ?? 0 }

  /// One run as a batch of its own.
  func run(_ index: Int) -> EpisodeBatch {
    func row(_ tensor: Tensor) -> Tensor { tensor.slice(index..<index + 1) }
    var batch = self
    batch.steps = steps.map(row)
    batch.evaluation = evaluation.map(row)
    if hasOwnInitial { batch.initial = initial.map(row) }
    return batch
  }
}
