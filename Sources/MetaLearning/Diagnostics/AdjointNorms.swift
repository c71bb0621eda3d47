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
  private let function: CompiledFunction
  private let problem: InnerProblem<Task>

  /// Compiles for batches of one run like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    require(batch.count == 1, "adjoint norms are of one run, found \(batch.count)")
    self.problem = problem
    let length = problem.specification.steps
    let width = max(1, (length + Self.segments - 1) / Self.segments)
    steps = Array(stride(from: 0, to: length, by: width))
    let count = steps.count
    let form = BatchForm(problem, batch)
    function = compile(form.types) { values in
      let v = form.split(values)
      let run = form.run(v, v.slices.map { $0[0] })
      let clock =
        v.clock.isEmpty
        ? Clock.values(
          0..<length, of: length, schedule: problem.specification.schedule, rates: problem.rates,
          problem.task.scalarType)
        : v.clock
      let zeros = problem.parameters.types.map { Tensor.zeros($0.prepending(count)) }
      let adjoints = gradient(at: zeros) { moves in
        problem.objective(
          of: problem.segmentedRun(run, clock: clock, width: width, moves: moves), run)
      }
      let rows = adjoints.map { $0.reshaped(to: [count, $0.shape.count / count]) }
      return [euclideanNorms(.concatenate(rows, axis: 1))]
    }
  }

  /// One norm for each of `steps`, of the batch's run at the given rates and scalars.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> [Double] {
    function(BatchForm.arguments(problem, batch, raw: raw, scalars: scalars))[0].doubles
  }
}

/// The norm of each row of a matrix, right also where squares would overflow or vanish.
private func euclideanNorms(_ rows: Tensor) -> Tensor {
  let greatest = rows.absolute().maximum(axes: [1])
  let scale = Tensor.select(greatest.isGreater(than: 0), greatest, otherwise: greatest * 0 + 1)
  let scaled = rows / scale.expanded(over: [1], to: rows.shape)
  return scale * scaled.squared().sum(axes: [1]).squareRoot()
}

extension InnerProblem {
  /// A run as a loop over segments of `width` steps and, where they do not divide it, a shorter
  /// last one; row i of `moves` is added to the weights before segment i.
  fileprivate func segmentedRun(
    _ run: TracedRun, clock: [Tensor], width: Int, moves: [Tensor]
  ) -> Unroll.Result {
    let count = parameters.count
    let length = specification.steps
    let whole = length / width
    let observe: (([Tensor]) -> Tensor)? = objective.weights(steps: length).map { _ in
      { judged($0, run) }
    }
    // A segment no longer than √T keeps no more than the policy `segments` does.
    let unroll = Unroll(
      step: step, rates: rates, memory: width * width <= length ? .storeAll : memory)
    func segment(_ state: [Tensor], moves: [Tensor], rows: [Tensor]) -> Unroll.Result {
      unroll(
        zip(state, moves).map { $0 + $1 } + state.dropFirst(count), raw: run.raw,
        scalars: run.scalars, dataset: run.dataset, slices: Array(rows.dropFirst(clock.count)),
        clock: Clock(inputs: Array(rows.prefix(clock.count))), observe: observe)
    }

    let rows = clock + run.steps
    let cut = rows.map {
      $0.slice(0..<whole * width).reshaped(
        to: Shape([whole, width] + $0.shape.extents.dropFirst()))
    }
    let (state, outputs) = Tensor.scan(
      self.state(run.start), slices: moves.map { $0.slice(0..<whole) } + cut, length: whole,
      policy: .everyStep
    ) { state, rows in
      let result = segment(
        state, moves: Array(rows.prefix(count)), rows: Array(rows.dropFirst(count)))
      return (result.state, [result.losses] + (result.observations.map { [$0] } ?? []))
    }
    let flat = outputs.map { $0.reshaped(to: [whole * width]) }
    var result = Unroll.Result(
      state: state, losses: flat[0], observations: flat.count > 1 ? flat[1] : nil)
    guard whole * width < length else { return result }
    let last = segment(
      state, moves: moves.map { $0[whole] }, rows: rows.map { $0.slice(whole * width..<length) })
    result.state = last.state
    result.losses = .concatenate([result.losses, last.losses])
    if let before = result.observations, let after = last.observations {
      result.observations = .concatenate([before, after])
    }
    return result
  }
}
