import TensorPrograms

/// The losses of training runs, step by step, and what the runs come to.
public struct InnerCurves: Sendable {
  /// After how many steps the evaluation loss was taken: 0 first, all of them last.
  public let evaluatedSteps: [Int]
  /// Each run's evaluation loss after those steps.
  public let evaluationLosses: [[Double]]
  /// Each run's training loss before each step.
  public let trainingLosses: [[Double]]
  /// What the runs come to at their ends, as an `EvaluationFunction` has it.
  public let end: Evaluation

  /// How many steps runs take.
  public var steps: Int { evaluatedSteps.last ?? 0 }
}

/// Training runs at a given point with their losses on the way, compiled for batches of a given
/// form.
public final class CurveFunction<Task: LearningTask>: Sendable {
  private let function: CompiledFunction<CurvedRun, BatchArguments>
  private let problem: InnerProblem<Task>
  private let evaluatedSteps: [Int]

  /// Compiles for batches like the given one, with `every` steps from one evaluation to the next;
  /// what remains at the end is shorter.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, every: Int) {
    let length = problem.specification.steps
    let (width, whole) = (every, length / every)
    let unroll = Unroll(step: problem.step, rates: problem.rates, memory: .storeAll)
    // An argument of the loop over stretches, which does not know where each begins.
    let timeline = Timeline(
      0..<length, of: length, schedule: problem.specification.schedule, rates: problem.rates,
      problem.task.scalarType, isInput: true)
    self.problem = problem
    evaluatedSteps =
      (0...whole).map { $0 * width } + (length % every == 0 ? [] : [length])

    func train(_ run: TracedRun) -> CurvedRun {
      let observe = problem.observation(of: run)
      func train(_ state: TrainingState, _ stretch: Stretch) -> (TrainingState, StretchReport) {
        let result = unroll(
          state, run.hyperparameters, dataset: run.dataset, steps: stretch.batches,
          timeline: stretch.timeline, observe: observe)
        let evaluation = problem.evaluationLoss(result.state, run)
        return (result.state, StretchReport(evaluation: evaluation, steps: result.report))
      }
      let all = Stretch(timeline: timeline, batches: run.episode.steps)
      let start = problem.start(of: run)
      var (state, stretches) = Tensor.scan(
        start, over: all.mapTensors { $0.cut(into: whole, of: width) }, length: whole, step: train)
      var evaluations = [
        problem.evaluationLoss(start, run).reshaped(to: [1]), stretches.evaluation,
      ]
      var report = stretches.steps.mapTensors { $0.joiningFirstAxes() }
      if whole * width < length {
        let (last, rest) = train(state, all.mapTensors { $0.slice(whole * width..<length) })
        state = last
        evaluations.append(rest.evaluation.reshaped(to: [1]))
        report = report.mapTensors(with: rest.steps) { .concatenate([$0, $1]) }
      }
      let objective = problem.objective(of: Unroll.Result(state: state, report: report), run)
      return CurvedRun(
        evaluation: .concatenate(evaluations),
        end: EvaluatedRun(
          problem, run,
          Outcome(objective: objective, trainingLosses: report.loss, state: state)))
    }
    function = compile(like: .example(problem, batch)) { arguments in arguments.map(train) }
  }

  /// The batch's runs at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> InnerCurves {
    let runs = function(BatchArguments(problem, batch, at: point))
    func rows(_ tensor: Tensor) -> [[Double]] {
      let (values, width) = (tensor.doubles, tensor.shape[1])
      return (0..<batch.count).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
    return InnerCurves(
      evaluatedSteps: evaluatedSteps, evaluationLosses: rows(runs.evaluation),
      trainingLosses: rows(runs.end.trainingLosses), end: Evaluation(runs.end))
  }
}

/// What a stretch of a run reads.
private struct Stretch: ParameterStructure {
  var timeline: Timeline
  var batches: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try timeline.visit(path / "timeline", body)
    try batches.visit(path / "batches", body)
  }
}

/// What a stretch of a run reports.
private struct StretchReport: ParameterStructure {
  var evaluation: Tensor
  var steps: Unroll.StepReport

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "evaluation", &evaluation)
    try steps.visit(path / "steps", body)
  }
}

/// What is computed of a run and of its way.
private struct CurvedRun: ParameterStructure {
  /// The evaluation loss at the start and after each stretch.
  var evaluation: Tensor
  var end: EvaluatedRun

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "evaluation", &evaluation)
    try end.visit(path / "end", body)
  }
}
