import TensorPrograms

/// How strongly the objective of one run depends on the weights at moments of the run: the norm of
/// dF/dθ_t, with the states of optimizer and model at that moment held fixed.
///
/// Where these norms grow by a factor a step from the end of a run to its beginning, training is
/// chaotic and a hypergradient through all of it is mostly noise. Source: Metz, Maheswaranathan,
/// Nixon, Freeman and Sohl-Dickstein, "Understanding and correcting pathologies in the training of
/// learned optimizers" (2019).
///
/// The run is a loop over segments; zeros [segments, …] are added to the weights where a segment
/// starts, and one backward sweep gives the derivatives with respect to all of them.
public final class AdjointNorms<Task: LearningTask>: Sendable {
  /// Segments that a run is cut into, where it has that many steps.
  public static var segments: Int { 16 }

  /// Inner steps done before each moment, in increasing order from 0.
  public let steps: [Int]
  private let function: CompiledFunction<Tensor, BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches of one run like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    require(batch.count == 1, "adjoint norms are of one run, found \(batch.count)")
    self.problem = problem
    let length = problem.specification.steps
    let width = max(1, (length + Self.segments - 1) / Self.segments)
    steps = Array(stride(from: 0, to: length, by: width))
    let count = steps.count
    function = compile(like: .example(problem, batch)) { arguments in
      let run = arguments.run(0)
      let zeros = problem.parameters.types.map { Tensor.zeros($0.prepending(count)) }
      let adjoints = gradient(at: zeros) { moves in
        problem.objective(of: problem.segmentedRun(run, width: width, moves: moves), run)
      }
      let rows = adjoints.map { $0.reshaped(to: [count, $0.shape.count / count]) }
      return euclideanNorms(.concatenate(rows, axis: 1))
    }
  }

  /// One norm for each of `steps`, of the batch's run at the given point.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Double] {
    function(BatchArguments(problem, batch, at: point)).doubles
  }
}

/// The norm of each row of a matrix, right also where squares would overflow or vanish.
private func euclideanNorms(_ rows: Tensor) -> Tensor {
  let greatest = rows.absolute().maximum(axes: [1])
  let scale = Tensor.select(greatest .> 0, greatest, otherwise: greatest * 0 + 1)
  let scaled = rows / scale.expanded(over: [1], to: rows.shape)
  return scale * scaled.squared().sum(axes: [1]).squareRoot()
}

/// What the steps of a segment read, a row each.
private struct SegmentRows: ParameterStructure {
  var timeline: Timeline
  var steps: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try timeline.visit(path / "time", body)
    try steps.visit(path / "steps", body)
  }
}

extension InnerProblem {
  /// A run as a loop over segments of `width` steps and, where they do not divide it, a shorter
  /// last one; row i of `moves` is added to the weights before segment i.
  fileprivate func segmentedRun(
    _ run: TracedRun, width: Int, moves: [Tensor]
  ) -> Unroll.Result {
    let length = specification.steps
    let whole = length / width
    let observe: ((TrainingState) -> Tensor)? = objective.weights(steps: length).map { _ in
      { evaluationLoss($0, run) }
    }
    // A segment no longer than √T keeps no more than the policy `segments` does.
    let unroll = Unroll(
      step: step, rates: rates, memory: width * width <= length ? .storeAll : memory)
    func segment(
      _ state: TrainingState, moves: [Tensor], rows: SegmentRows
    ) -> Unroll.Result {
      unroll(
        state.replacing(weights: zip(state.weights, moves).map { $0 + $1 }), run.hyperparameters,
        dataset: run.dataset, steps: rows.steps, timeline: rows.timeline, observe: observe)
    }

    // Segments are rows of a loop, so that which row of rates each reads is an input.
    let timeline =
      run.timeline
      ?? Timeline(
        0..<length, of: length, schedule: specification.schedule, rates: rates, task.scalarType,
        isInput: true)
    let rows = SegmentRows(timeline: timeline, steps: run.episode.steps)
    let (state, report) = Tensor.scan(
      start(of: run), over: moves.map { $0.slice(0..<whole) },
      rows.mapTensors { $0.cut(into: whole, of: width) }, length: whole, policy: .everyStep
    ) { state, moves, rows in
      let result = segment(state, moves: moves, rows: rows)
      return (result.state, result.report)
    }
    var result = Unroll.Result(
      state: state, report: report.mapTensors { $0.joiningFirstAxes() })
    guard whole * width < length else { return result }
    let last = segment(
      state, moves: moves.map { $0[whole] },
      rows: rows.mapTensors { $0.slice(whole * width..<length) })
    result.state = last.state
    result.report = result.report.mapTensors(with: last.report) { .concatenate([$0, $1]) }
    return result
  }
}
