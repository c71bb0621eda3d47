import TensorPrograms

/// The objectives of the same training runs with several rates, in one compiled call, so that all
/// workers are busy whatever their number is: what searches of rates ask for.
public final class ScoringFunction<Task: LearningTask>: Sendable {
  private let function: CompiledFunction<Tensor, [Tensor], BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one, and so many candidates.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, _ candidates: Int) {
    self.problem = problem
    let arguments = BatchArguments.example(problem, batch)
    let rates = problem.rates.types.map { Tensor.zeros($0.prepending(candidates)) }
    function = compile(like: rates, arguments) { rates, arguments in
      Tensor.map(over: rates, length: candidates) { rates in
        var arguments = arguments
        arguments.hyperparameters.rates = rates
        return arguments.map { problem.outcome($0).objective }
      }
    }
  }

  /// The objectives of each candidate's runs.
  ///
  /// - Parameters:
  ///   - batch: the runs.
  ///   - point: what the candidates share: initial weights and scalars.
  ///   - rates: each candidate's unconstrained tensors.
  public func callAsFunction(
    _ batch: EpisodeBatch, at point: Hyperparameters, rates: [[Tensor]]
  ) -> [[Double]] {
    var point = point
    point.rates = problem.rates.types.map { .zeros($0) }
    let stacks = point.rates.indices.map { index in Tensor.stack(rates.map { $0[index] }) }
    let objectives = function(stacks, BatchArguments(problem, batch, at: point)).doubles
    return rates.indices.map { Array(objectives[$0 * batch.count..<($0 + 1) * batch.count]) }
  }
}
