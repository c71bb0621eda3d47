import MetaLearning
import Settings
import TensorPrograms

/// Derivatives along random signs, each times its signs: unbiased, and exact for one rate.
struct RandomSigns: HypergradientEstimator {
  var directions = 4

  static let word = "randomSigns"
  static let schema = Schema<Self>(
    "derivatives along random signs, each times its signs",
    Setting("directions", \.directions, .integer(), "random directions per outer step"))

  var targets: Set<LearnTarget> { [.rates] }
  func isExact(steps: Int) -> Bool { false }
  func cost(steps: Int, rates: Int) -> Budget {
    Budget(gradients: steps, products: directions * steps)
  }

  func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    RandomSignsHypergradient(problem, like: batch, directions: directions)
  }
}

struct RandomSignsHypergradient<Task: LearningTask>: CompiledHypergradient {
  let problem: InnerProblem<Task>
  let evaluate: EvaluationFunction<Task>
  let signTypes: [TensorType]
  let slopes: CompiledFunction<[Tensor], BatchArguments, [Tensor]>

  init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, directions: Int) {
    self.problem = problem
    evaluate = EvaluationFunction(problem, like: batch)
    signTypes = problem.rates.types.map { $0.prepending(directions) }
    slopes = compile(
      like: .example(problem, batch), signTypes.map { .zeros($0) }
    ) { arguments, signs in
      Tensor.sum(over: signs, length: directions) { direction in
        let slope = jvp(at: arguments.hyperparameters.rates, along: direction) { rates in
          arguments.mean { problem.outcome($0.at(Hyperparameters(rates: rates))).objective }
        }.tangent
        return direction.map { $0 * slope * (1 / Double(directions)) }
      }
    }
  }

  var program: CompiledProgram { slopes.program }

  func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    slopes.tensors(BatchArguments(problem, batch, at: point), signs(batch))
  }

  func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient {
    let rates = slopes(BatchArguments(problem, batch, at: point), signs(batch))
    return Hypergradient(evaluate(batch, at: point), gradient: Hyperparameters(rates: rates))
  }

  /// One sign per rate and direction, from the batch's own stream.
  private func signs(_ batch: EpisodeBatch) -> [Tensor] {
    batch.normals(signTypes).map { $0.sign() }
  }
}
