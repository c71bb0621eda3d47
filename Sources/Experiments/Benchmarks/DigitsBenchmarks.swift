import MetaLearning
import TensorPrograms

/// One hypergradient of the validation loss after many steps of momentum on the digits.
enum LongHorizonBenchmark {
  /// The variants' memory policies; `binomial` keeps 64 states.
  private static let policies: [String: UnrollMemory] = [
    "storeAll": .storeAll, "everyStep": .everyStep, "segments": .segments,
    "binomial": .binomial(snapshots: 64),
  ]

  static func prepare(_ variant: String, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let digits = try IndexedDigits(inputs)
    let specification = InnerSpecification(
      optimizer: Momentum(), steps: digits.steps, batch: digits.batch)
    guard variant != "terms" else {
      // The same rates as a sum: nothing by tensor and by orbit, all of them by parameter.
      let problem = digits.problem(
        specification,
        rates: RateSpecification(
          granularity: .tensor, parameterization: .direct,
          offsets: [
            RateOffset(granularity: .orbit(), decay: 0.1),
            RateOffset(granularity: .parameter, decay: 0.1),
          ]))
      var learned = digits.learned
      let apart = problem.rates.types.dropLast(learned.rates.count).map { Tensor.zeros($0) }
      learned.rates = apart + learned.rates
      return BenchmarkRun(hypergradientOf: problem, digits.episodes, at: learned)
    }
    let problem = digits.problem(specification, memory: policies[variant] ?? .storeAll)
    return variant == "plain"
      ? BenchmarkRun(trainingOf: problem, digits.episodes, at: digits.learned)
      : BenchmarkRun(hypergradientOf: problem, digits.episodes, at: digits.learned)
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
      return BenchmarkRun(trainingOf: problem, digits.episodes, at: digits.learned)
    }
    let start = Timing.now
    let evaluate = EvaluationFunction(problem, like: digits.episodes)
    let point = problem.hyperparameters(digits.learned)
    let unit = { evaluate(digits.episodes, at: point) }
    let found = unit()
    let preparation = Timing.now - start
    let rates = digits.learned.rates
    let adapted = problem.step.adaptedRates(rates, found.state.mapTensors { $0[0] })!.rates
    return BenchmarkRun(
      preparation: preparation,
      outcome: {
        BenchmarkOutcome(
          loss: found.objective,
          hypergradientNorm: globalNorm(adapted),
          rateChangeNorm: globalNorm(zip(adapted, rates).map { $0 - $1 }))
      },
      unit: { _ = unit() }, program: evaluate.program,
      arguments: evaluate.tensors(digits.episodes, at: point))
  }
}

/// Digits that each step takes by their indices, and others that the trained network is evaluated
/// on.
private struct IndexedDigits {
  let learned: Learned
  let episodes: EpisodeBatch
  private let network: MultilayerPerceptron
  private let dataset: [Tensor]

  var steps: Int { episodes.episode.steps[0].shape[1] }
  var batch: Int { episodes.episode.steps[0].shape[2] }

  init(_ inputs: BenchmarkInputs) throws {
    network = try inputs.perceptron(.tanh)
    learned = Learned(
      rates: try inputs.rates(network.paths), initialWeights: network.tensors)
    dataset = [
      try inputs.tensor("train/inputs"), try inputs.tensor("train/targets"),
      try inputs.tensor("validation/inputs"), try inputs.tensor("validation/targets"),
    ]
    let index = try inputs.tensor("index")
    episodes = EpisodeBatch(
      episode: Episode(
        steps: [index.reshaped(to: Shape([1] + index.shape.extents))], evaluation: []))
  }

  func problem(
    _ specification: InnerSpecification,
    rates: RateSpecification = RateSpecification(parameterization: .direct),
    memory: UnrollMemory = .storeAll
  ) -> InnerProblem<BenchmarkTask<MultilayerPerceptron>> {
    InnerProblem(
      task: BenchmarkTask(
        model: network, loss: .crossEntropy, source: .indices, dataset: dataset),
      template: network, specification: specification,
      rates: rates, memory: memory)
  }
}
