import MetaLearning
import Settings
import TensorPrograms

/// Derivatives along random signs, each times its signs: unbiased, and exact for one rate.
struct RandomSigns: HypergradientEstimator {
  var directions = 4

  static let word = "randomSigns"
  static let schema = Schema<Self>(
    "derivatives along random signs, each times its signs",
    Setting("directions", \.directions, .integer(), "random directions an outer step"))

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
  let compiled: CompiledFunction
  let evaluate: EvaluationFunction<Task>
  let problem: InnerProblem<Task>
  let signs: [TensorType]

  init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, directions: Int) {
    self.problem = problem
    evaluate = EvaluationFunction(problem, like: batch)
    let form = BatchForm(problem, batch)
    let signs = problem.rates.types.map { $0.prepending(directions) }
    self.signs = signs
    compiled = compile(form.types + signs) { values in
      let arguments = form.split(Array(values.dropLast(signs.count)))
      func objective(_ unconstrained: [Tensor]) -> [Tensor] {
        Tensor.map(slices: arguments.slices, length: form.runs, outputs: [.summed]) { rows in
          [
            problem.outcome(form.run(form.run(arguments, rows), at: unconstrained, [.rates]))
              .objective
          ]
        }.map { $0 * (1 / Double(form.runs)) }
      }
      return Tensor.map(
        slices: Array(values.suffix(signs.count)), length: directions,
        outputs: signs.map { _ in .summed }
      ) { direction in
        let slope = jvp(at: arguments.unconstrained, along: direction, of: objective).tangents[0]
        return direction.map { $0 * slope * (1 / Double(directions)) }
      }
    }
  }

  func arguments(_ batch: EpisodeBatch, unconstrained: [Tensor], scalars: [Tensor]) -> [Tensor] {
    BatchForm.arguments(problem, batch, unconstrained: unconstrained, scalars: scalars)
      + batch.normals(signs).map { $0.sign() }
  }

  func callAsFunction(_ batch: EpisodeBatch, unconstrained: [Tensor], scalars: [Tensor])
    -> Hypergradient
  {
    Hypergradient(
      evaluate(batch, unconstrained: unconstrained, scalars: scalars),
      rates: compiled(arguments(batch, unconstrained: unconstrained, scalars: scalars)))
  }
}
