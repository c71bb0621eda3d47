import TensorPrograms

/// Where in one run numbers first stop being finite: for when it is known that they do.
///
/// The run is done again by a program that tells of every tensor of every step whether it is finite.
final class OverflowSearch<Task: LearningTask>: Sendable {
  /// The first tensor that is not finite.
  struct Finding: Equatable {
    /// The inner step, counted from 1; nil where it is the start or the judgement of the run.
    var step: Int?
    /// What is not finite.
    var tensor: String
    /// Infinity, or not a number.
    var value: Double
  }

  private let function: CompiledFunction
  private let problem: InnerProblem<Task>
  private let names: [String]
  private let startNames: [String]

  /// Compiles for batches of one run like the given one.
  init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    require(batch.count == 1, "overflow is searched in one run, found \(batch.count)")
    self.problem = problem
    let paths = problem.parameters.paths
    let state = problem.step.stateNames(paths)
    // In the order in which a step computes them.
    names =
      paths.map { "the rate of \($0)" } + ["the training loss"]
      + paths.map { "the gradient of \($0)" }
      + (state.dropFirst(paths.count) + paths).map(\.description)
    startNames =
      problem.step.scalars.names.map { "the scalar \($0)" }
      + state.prefix(batch.initial.count).map { "the start of \($0)" }
    let form = BatchForm(problem, batch)
    function = compile(form.types) { values in
      let v = form.split(values)
      let run = form.run(v, v.slices.map { $0[0] })
      let result = Unroll(
        step: WatchedStep(problem), rates: problem.rates, memory: .storeAll)(
          problem.state(run.start), raw: run.raw, scalars: run.scalars, dataset: run.dataset,
          slices: run.steps, clock: run.clock ?? problem.clock(0..<problem.specification.steps),
          observe: { kind(problem.judged($0, run)) })
      return [result.losses, result.observations!]
    }
  }

  /// The first tensor that is not finite; nil where all are.
  func callAsFunction(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> Finding? {
    for (name, tensor) in zip(startNames, scalars + batch.initial) {
      if let value = tensor.doubles.first(where: { !$0.isFinite }) {
        return Finding(step: nil, tensor: name, value: value)
      }
    }
    let results = function(BatchForm.arguments(problem, batch, raw: raw, scalars: scalars))
    let earlier = batch.earlierSteps
    let kinds = results[0].doubles
    let judgements = results[1].doubles
    // A later step's judgement does not come before an earlier step's tensors.
    let judgesEveryStep = problem.objective.weights(steps: judgements.count) != nil
    for step in judgements.indices {
      let row = kinds[step * names.count..<(step + 1) * names.count]
      if let bad = row.firstIndex(where: { $0 != 0 }) {
        return Finding(
          step: earlier + step + 1, tensor: names[bad - row.startIndex],
          value: value(of: kinds[bad]))
      }
      let isJudged = judgesEveryStep || step == judgements.count - 1
      if isJudged, judgements[step] != 0 {
        return Finding(
          step: earlier + step + 1, tensor: "the evaluation loss",
          value: value(of: judgements[step]))
      }
    }
    return nil
  }

  private func value(of kind: Double) -> Double { kind == 1 ? .infinity : .nan }
}

/// 0 where all elements are finite, 1 where some are infinite, 2 where some are no numbers.
private func kind(_ tensor: Tensor) -> Tensor {
  let infinity = Tensor(repeating: .infinity, TensorType(.scalar, tensor.scalarType))
  let size = tensor.absolute()
  let isFinite = Tensor.less(size, infinity)
  let isNumber = Tensor.lessOrEqual(size, infinity)
  return (2 - isFinite - isNumber).maximum(axes: Array(0..<tensor.rank))
}

/// A step that tells, in the place of the loss, the kinds of all its tensors, [tensors].
private struct WatchedStep<Task: LearningTask>: InnerStep {
  let problem: InnerProblem<Task>

  init(_ problem: InnerProblem<Task>) { self.problem = problem }

  var scalars: ScalarLayout { problem.step.scalars }

  func initialState(_ parameters: [Tensor]) -> [Tensor] { problem.step.initialState(parameters) }

  func stateNames(_ parameters: [ParameterPath]) -> [ParameterPath] {
    problem.step.stateNames(parameters)
  }

  func callAsFunction(
    state: [Tensor], rates: [Tensor], scalars: [Tensor], dataset: [Tensor], batch: [Tensor],
    time: StepTime
  ) -> (state: [Tensor], loss: Tensor) {
    let (next, loss) = problem.step(
      state: state, rates: rates, scalars: scalars, dataset: dataset, batch: batch, time: time)
    let slope = gradient(at: Array(state.prefix(rates.count))) {
      problem.trainingLoss($0, beside: state, dataset: dataset, batch: batch)
    }
    let watched = rates + [loss] + slope + next.dropFirst(rates.count) + next.prefix(rates.count)
    return (next, .stack(watched.map(kind)))
  }
}
