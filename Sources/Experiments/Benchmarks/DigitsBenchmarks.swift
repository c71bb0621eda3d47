import MetaLearning
import TensorPrograms

/// One hypergradient of the validation loss after many steps of momentum on the digits.
enum LongHorizonBenchmark {
  /// The variants' memory policies; `binomial` keeps 64 states.
  private static let policies: [String: MemorySpecification] = [
    "storeAll": .storeAll, "everyStep": .everyStep, "segments": .segments,
    "binomial": .binomial(snapshots: 64),
  ]

  static func prepare(_ variant: String, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let digits = try IndexedDigits(inputs)
    let problem = digits.problem(
      InnerSpecification(
        optimizer: Momentum(), steps: digits.steps, batch: digits.batch),
      memory: policies[variant] ?? .storeAll)
    return variant == "plain"
      ? BenchmarkRun(trainingOf: problem, digits.episodes, rates: digits.rates)
      : BenchmarkRun(hypergradientOf: problem, digits.episodes, rates: digits.rates)
  }
}

/// Training on the same inputs by plain descent while one-step hypergradients move the rates.
enum OnlineBenchmark {
  private static let rule = OnlineSpecification(.additive, metaRate: 1e-3, floor: 1e-6)

  static func prepare(_ variant: String, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let digits = try IndexedDigits(inputs)
    let problem = digits.problem(
      InnerSpecification(
        steps: digits.steps, batch: digits.batch, online: variant == "plain" ? nil : rule))
    guard variant != "plain" else {
      return BenchmarkRun(trainingOf: problem, digits.episodes, rates: digits.rates)
    }
    let start = Timing.now
    let evaluate = EvaluationFunction(problem, like: digits.episodes)
    let unit = { evaluate(digits.episodes, raw: digits.rates, scalars: problem.scalars) }
    let found = unit()
    let preparation = Timing.now - start
    // Behind the weights the state has how far the rates have moved.
    let count = digits.rates.count
    let moves = found.state[count..<2 * count].map { $0[0] }
    return BenchmarkRun(
      preparation: preparation,
      outcome: BenchmarkOutcome(
        loss: found.objective,
        hypergradientNorm: globalNorm(zip(digits.rates, moves).map { $0 + $1 }),
        rateChangeNorm: globalNorm(moves)),
      unit: { _ = unit() }, compiled: evaluate.compiled,
      arguments: evaluate.arguments(digits.episodes, raw: digits.rates, scalars: problem.scalars))
  }
}

/// Digits that each step takes by their indices, and others that the trained network is judged on.
private struct IndexedDigits {
  let rates: [Tensor]
  let episodes: EpisodeBatch
  private let network: MultilayerPerceptron
  private let dataset: [Tensor]

  var steps: Int { episodes.steps[0].shape[1] }
  var batch: Int { episodes.steps[0].shape[2] }

  init(_ inputs: BenchmarkInputs) throws {
    network = try inputs.perceptron(.tanh)
    rates = try inputs.rates(network.paths)
    dataset = [
      try inputs.tensor("train/inputs"), try inputs.tensor("train/targets"),
      try inputs.tensor("validation/inputs"), try inputs.tensor("validation/targets"),
    ]
    let index = try inputs.tensor("index")
    episodes = EpisodeBatch(
      initial: network.tensors, hasOwnInitial: false,
      steps: [index.reshaped(to: Shape([1] + index.shape.extents))], evaluation: [])
  }

  func problem(
    _ specification: InnerSpecification, memory: MemorySpecification = .storeAll
  ) -> InnerProblem<BenchmarkTask<MultilayerPerceptron>> {
    InnerProblem(
      task: BenchmarkTask(
        model: network, loss: .crossEntropy, source: .indices, dataset: dataset),
      template: network, specification: specification,
      rates: RateSpecification(parameterization: .direct), memory: memory)
  }
}
