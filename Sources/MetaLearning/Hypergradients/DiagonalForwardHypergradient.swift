import TensorPrograms

/// The hypergradient with respect to constant rates from one tangent a parameter: how each weight
/// moves with its own rate, as if no weight's rate moved another weight.
///
/// The trace S = ∂θ/∂α is carried along by a derivative of the step with all rates' tangents at 1,
/// and fades by the decay at each step; ∂α = ∇F⊙S. Exact where Hessians are diagonal and the decay
/// is 1. Source: Schraudolph, "Local gain adaptation in stochastic gradient descent" (1999).
public final class DiagonalForwardHypergradient<Task: LearningTask>: HypergradientEstimator {
  private let function: CompiledFunction
  private let evaluate: EvaluationFunction<Task>
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, decay: Double) {
    require(problem.rates.timeRows == nil, "diagonal forward mode needs rates.time constant")
    self.problem = problem
    evaluate = EvaluationFunction(problem, like: batch)
    let form = BatchForm(problem, batch)
    function = compile(form.types) { values in
      let v = form.split(values)
      return Tensor.map(
        slices: v.slices, length: form.runs, outputs: v.raw.map { _ in .summed }
      ) { rows in
        let perParameter = problem.diagonalForward(form.run(v, rows), decay: decay)
        return problem.rates.pullback(v.raw, perParameter)
      }.map { $0 * (1 / Double(form.runs)) }
    }
  }

  /// The program of the traces.
  public var compiled: CompiledFunction { function }

  /// The hypergradient at the given rates.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient {
    let rates = function(BatchForm.arguments(problem, batch, raw: raw, scalars: scalars))
    return Hypergradient(evaluate(batch, raw: raw, scalars: scalars), rates: rates)
  }
}

extension InnerProblem {
  /// The estimate for one run with respect to one rate a parameter.
  fileprivate func diagonalForward(_ run: TracedRun, decay: Double) -> [Tensor] {
    let count = parameters.count
    let start = state(run.start)
    let rates = self.rates.parameterRates(run.raw)
    let clock = run.clock ?? self.clock(0..<specification.steps)
    let weights = objective.weights(steps: specification.steps)
    let (scalarType, steps) = (task.scalarType, specification.steps)
    let weightRow = Tensor(
      weights ?? [Double](repeating: 1 / Double(steps), count: steps),
      TensorType([steps], scalarType))
    let ones = rates.map { Tensor(repeating: 1, $0.type) }
    let zeros = rates.map { Tensor.zeros($0.type) }

    let (carries, _) = Tensor.scan(
      start + start.map { .zeros($0.type) } + zeros,
      slices: [clock.steps, clock.multipliers, weightRow] + run.steps, length: steps
    ) { carries, rows in
      let state = Array(carries.prefix(start.count))
      let traces = carries[start.count..<2 * start.count].map { $0 * decay }
      var sums = Array(carries.dropFirst(2 * start.count))
      let batch = Array(rows.dropFirst(3))
      if objective == .training {
        let slope = gradient(at: Array(state.prefix(count))) {
          task.trainingLoss(template.replacingTensors($0), dataset: run.dataset, batch: batch)
        }
        sums = sums.indices.map { sums[$0] + rows[2] * slope[$0] * traces[$0] }
      }
      let (next, moved) = jvp(at: state + rates, along: traces + ones) { point in
        step(
          state: Array(point.prefix(start.count)), rates: Array(point.dropFirst(start.count)),
          scalars: run.scalars, dataset: run.dataset, batch: batch,
          time: StepTime(step: rows[0], multiplier: rows[1])
        ).state
      }
      if weights != nil {
        let slope = gradient(at: Array(next.prefix(count))) { judged($0, run) }
        sums = sums.indices.map { sums[$0] + rows[2] * slope[$0] * moved[$0] }
      }
      return (next + moved + sums, [])
    }
    guard objective == .final else { return Array(carries.dropFirst(2 * start.count)) }
    let slope = gradient(at: Array(carries.prefix(count))) { judged($0, run) }
    return zip(slope, carries[start.count...]).map { $0 * $1 }
  }
}
