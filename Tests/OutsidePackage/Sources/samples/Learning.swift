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

  let rates = problem.rates.effective(loop.state.raw)
  print(rates[0].doubles)  // one rate per coordinate
  precondition(rates[0].doubles.count == 10)

  let batch = problem.batch(role: .training, seed: 3, indices: 0..<8)
  let exact = problem.estimator(ReverseEstimator(), like: batch)
  let cheap = problem.estimator(FirstOrderEstimator(), like: batch)
  let raw = try problem.initialRaw(seed: 3)
  print(exact(batch, raw: raw, scalars: []).norm)
  print(cheap(batch, raw: raw, scalars: []).norm)
  precondition(exact(batch, raw: raw, scalars: []).norm > 0)
}
