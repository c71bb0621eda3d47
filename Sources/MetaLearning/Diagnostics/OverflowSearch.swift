import TensorPrograms

/// Where in one run numbers first stop being finite: for when it is known that they do.
///
/// The run is done again by a program that tells of every tensor of every step whether it is
/// finite.
final class OverflowSearch<Task: LearningTask>: Sendable {
  /// The first tensor that is not finite.
  struct Finding: Equatable {
    /// The inner step, counted from 1; nil where it is the start of the run.
    var step: Int?
    /// What is not finite.
    var tensor: String
    /// Infinity, or not a number.
    var value: Double
  }

  private let function: CompiledFunction<Unroll.StepReport, BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches of one run like the given one.
  init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    require(batch.count == 1, "overflow is searched in one run, found \(batch.count)")
    self.problem = problem
    function = compile(like: .example(problem, batch)) { arguments in
      let run = arguments.run(0)
      return Unroll(step: WatchedStep(problem), rates: problem.rates, memory: .storeAll)(
        problem.start(of: run), run.hyperparameters, dataset: run.dataset,
        steps: run.episode.steps, timeline: problem.timeline(of: run),
        observe: { kind(problem.evaluationLoss($0, run)) }
      ).report
    }
  }

  /// What a step watches, in the order of `WatchedStep`.
  private var watchedNames: [String] {
    let paths = problem.parameters.paths
    let state = problem.step.initialState(problem.template.tensors)
    let names = state.names(weights: paths, model: problem.template.state.paths)
    return paths.map { "the rate of \($0)" } + ["the training loss"]
      + paths.map { "the gradient of \($0)" }
      + (names.filter { !paths.contains($0) } + paths).map(\.description)
  }

  /// The first tensor that is not finite; nil where all are.
  func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Finding? {
    if let finding = findingAtStart(batch, point) { return finding }
    let report = function(BatchArguments(problem, batch, at: point))
    let earlier = batch.earlierSteps
    let evaluations = report.observation!.doubles
    // A later step's evaluation does not come before an earlier step's tensors.
    let evaluatesEveryStep = problem.objective.weights(steps: evaluations.count) != nil
    let names = watchedNames
    for step in evaluations.indices {
      if let (name, kind) = zip(names, report.loss[step].doubles).first(where: { $0.1 != 0 }) {
        return Finding(step: earlier + step + 1, tensor: name, value: value(of: kind))
      }
      let isEvaluated = evaluatesEveryStep || step == evaluations.count - 1
      if isEvaluated, evaluations[step] != 0 {
        return Finding(
          step: earlier + step + 1, tensor: "the evaluation loss",
          value: value(of: evaluations[step]))
      }
    }
    return nil
  }

  private func findingAtStart(_ batch: EpisodeBatch, _ point: Hyperparameters) -> Finding? {
    let paths = problem.parameters.paths
    let (starts, startNames): ([Tensor], [ParameterPath]) =
      switch batch.start {
      case nil: (point.initialWeights, paths)
      case .weights(let weights): (weights, paths)
      case .state(let state):
        (state.tensors, state.names(weights: paths, model: problem.template.state.paths))
      }
    let names =
      problem.step.scalars.names.map { "the scalar \($0)" }
      + startNames.map { "the start of \($0)" }
    for (name, tensor) in zip(names, point.scalars + starts) {
      if let value = tensor.doubles.first(where: { !$0.isFinite }) {
        return Finding(step: nil, tensor: name, value: value)
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
  let isFinite = size .< infinity
  let isNumber = size .<= infinity
  return (2 - isFinite - isNumber).maximum(axes: Array(0..<tensor.rank))
}

/// A step that tells, in the place of the loss, the kinds of all its tensors, [tensors].
private struct WatchedStep<Task: LearningTask>: InnerStep {
  let problem: InnerProblem<Task>

  init(_ problem: InnerProblem<Task>) { self.problem = problem }

  var scalars: ScalarLayout { problem.step.scalars }

  func initialState(_ weights: [Tensor]) -> TrainingState { problem.step.initialState(weights) }

  func callAsFunction(
    _ state: TrainingState, rates: [Tensor], scalars: [Tensor], dataset: [Tensor],
    batch: [Tensor], time: StepTime
  ) -> (state: TrainingState, loss: Tensor) {
    let (next, loss) = problem.step(
      state, rates: rates, scalars: scalars, dataset: dataset, batch: batch, time: time)
    let gradient = problem.trainingGradient(state, dataset: dataset, batch: batch)
    // In the order in which a step computes them.
    let watched =
      rates + [loss] + gradient + next.replacing(weights: []).tensors + next.weights
    return (next, .stack(watched.map(kind)))
  }
}
