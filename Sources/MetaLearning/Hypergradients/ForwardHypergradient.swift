import TensorPrograms

/// The exact hypergradient with respect to the rates by forward mode: one tangent a raw rate is
/// pushed through the whole unroll, whose memory does not grow with the number of steps.
///
/// For few rates, such as one a layer.
public final class ForwardHypergradient<Task: LearningTask>: Sendable {
  private let function: CompiledFunction
  private let problem: InnerProblem<Task>
  private let directions: [Tensor]

  /// Compiles for batches like the given one.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch) {
    self.problem = problem
    let count = problem.rates.count
    // Row k of the directions is 1 at the k-th raw number and 0 elsewhere.
    var start = 0
    directions = problem.rates.types.map { type in
      let size = type.shape.count
      var ones = [Double](repeating: 0, count: count * size)
      for position in 0..<size { ones[(start + position) * size + position] = 1 }
      start += size
      return Tensor(ones, type.prepending(count))
    }
    let form = BatchForm(problem, batch)
    let directionTypes = directions.map(\.type)
    function = compile(form.types + directionTypes) { values in
      let v = form.split(Array(values.prefix(form.types.count)))
      let directions = Array(values.suffix(directionTypes.count))
      func objective(_ raw: [Tensor]) -> Tensor {
        Tensor.map(slices: v.slices, length: form.runs, outputs: [.summed]) { rows in
          let own = form.run(v, rows)
          return [
            problem.outcome(
              parameters: own.initial, raw: raw, scalars: v.scalars, dataset: v.dataset,
              steps: own.steps, evaluation: own.evaluation
            ).objective
          ]
        }[0] * (1 / Double(form.runs))
      }
      return Tensor.map(slices: directions, length: count, outputs: [.stacked]) { tangents in
        jvp(at: v.raw, along: tangents) { [objective($0)] }.tangents
      }
    }
  }

  /// The program, for those who want to read it.
  public var compiled: CompiledFunction { function }

  /// The hypergradient with respect to each raw rate tensor.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> [Tensor] {
    let all = function(
      raw + scalars + batch.initial + problem.task.dataset + batch.steps + batch.evaluation
        + directions)[0].doubles
    var start = 0
    return problem.rates.types.map { type in
      defer { start += type.shape.count }
      return Tensor(Array(all[start..<start + type.shape.count]), type)
    }
  }
}
