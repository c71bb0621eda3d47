import TensorPrograms

/// A hypergradient that is worked out for one rate a parameter, for each run alone, and then pulled
/// back to the raw rates: compiled for batches of one form.
struct PerParameterFunction<Task: LearningTask>: Sendable {
  let compiled: CompiledFunction
  private let problem: InnerProblem<Task>

  /// - Parameter estimate: a run, and its hypergradient in the parameters' shapes.
  init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch,
    estimate: (TracedRun) -> (Outcome, [Tensor])
  ) {
    self.problem = problem
    let form = BatchForm(problem, batch)
    let states = problem.state(problem.template.tensors).count
    compiled = compile(form.types) { values in
      let v = form.split(values)
      let results = Tensor.map(
        slices: v.slices, length: form.runs,
        outputs: [MapOutput](repeating: .stacked, count: 2 + states) + v.raw.map { _ in .summed }
      ) { rows in
        let (outcome, perParameter) = estimate(form.run(v, rows))
        return [outcome.objective, outcome.trainingLosses] + outcome.state
          + problem.rates.pullback(v.raw, perParameter)
      }
      return results.prefix(2 + states)
        + results.dropFirst(2 + states).map { $0 * (1 / Double(form.runs)) }
    }
  }

  func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    BatchForm.arguments(problem, batch, raw: raw, scalars: scalars)
  }

  func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient {
    let results = compiled(arguments(batch, raw: raw, scalars: scalars))
    let objectives = results[0].doubles
    return Hypergradient(
      objective: objectives.reduce(0, +) / Double(objectives.count), objectives: objectives,
      trainingLosses: results[1], rates: Array(results.suffix(raw.count)),
      state: Array(results.dropFirst(2).dropLast(raw.count)))
  }
}
