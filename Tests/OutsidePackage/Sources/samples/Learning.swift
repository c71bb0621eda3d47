import MetaLearning
import TensorPrograms

func learningSamples() throws {
  let task = NoisyQuadraticTask(
    dimensions: 10, lowest: 0.01, highest: 1, noise: 1, scalarType: .float64)
  var stream = RandomStream(seed: 3, purpose: "template")
  let problem = InnerProblem(
    task: task, template: task.initialParameters(from: &stream),
    specification: InnerSpecification(optimizer: SGD(), steps: 20),
    rates: RateSpecification(granularity: .parameter))
  let outer = OuterSpecification(optimizer: Adam(), rate: 0.1, steps: 10)

  var loop = try OuterLoop(problem, specification: outer, seed: 3)
  while !loop.isFinished { print(try loop.step().objective) }

  let rates = problem.rates.effective(loop.state.learned.rates)
  print(rates[0].doubles)  // one rate per coordinate
  precondition(rates[0].doubles.count == 10)

  let batch = problem.batch(role: .training, seed: 3, indices: 0..<8)
  let exact = problem.estimator(ReverseEstimator(), like: batch)
  let cheap = problem.estimator(FirstOrderEstimator(), like: batch)
  let start = problem.hyperparameters(loop.initial)
  print(exact(batch, at: start).norm)
  print(cheap(batch, at: start).norm)
  precondition(exact(batch, at: start).norm > 0)

  let objective = compile(like: BatchArguments.example(problem, batch)) { arguments in
    arguments.mean { problem.outcome($0).objective }
  }
  let value = objective(BatchArguments(problem, batch, at: start))
  precondition(abs(value.scalar / exact(batch, at: start).objective - 1) < 1e-12)
}
