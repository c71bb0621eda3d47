import MetaLearning
import TensorPrograms
import Testing

/// A small supervised problem in double precision.
func smallProblem(
  _ optimizer: any Optimizer, rates: RateSpecification, steps: Int = 7,
  transformations: [any GradientTransformation] = [], schedule: any Schedule = ConstantSchedule(),
  objective: ObjectiveSpecification = .final, memory: UnrollMemory = .storeAll
) -> InnerProblem<SupervisedTask<MultilayerPerceptron>> {
  var stream = RandomStream(seed: 4, purpose: "small problem")
  let inputs = Tensor(
    (0..<40 * 5).map { _ in stream.normal() }, TensorType([40, 5], .float64))
  let targets = Tensor((0..<40).map { _ in Int32(stream.integer(below: 3)) })
  let task = SupervisedTask(
    inputs: inputs, targets: targets, hidden: [6], outputs: 3, activation: .tanh,
    loss: .crossEntropy, validation: 0.25, test: 0.25)
  var inner = InnerSpecification()
  inner.optimizer = optimizer
  inner.steps = steps
  inner.batch = 4
  inner.transformations = transformations
  inner.schedule = schedule
  return InnerProblem(
    task: task, template: task.initialParameters(from: &stream), specification: inner,
    rates: rates, objective: objective, memory: memory)
}

func rateSpecification(
  _ granularity: Granularity = .parameter, _ time: RateTime = .constant,
  _ parameterization: Parameterization = .direct, _ rate: Double = 0.1
) -> RateSpecification {
  var rates = RateSpecification()
  rates.granularity = granularity
  rates.time = time
  rates.parameterization = parameterization
  rates.initial = UniformRates(rate: rate)
  return rates
}

extension RateLayout {
  private func recordedAsAsked<Element>() -> [Element] {
    Issue.record("gradients were asked for")
    return []
  }

  /// The unconstrained tensors of initial rates that need no gradients.
  func initialRates() throws -> [Tensor] {
    try specification.initial.unconstrained(
      RateStart(
        layout: self, gradientMeanSquares: { _ in recordedAsAsked() },
        gradientCurvatures: { _ in recordedAsAsked() }))
  }
}

extension InnerProblem {
  /// The given rates with the specified scalars and, for runs that share them, the initial weights
  /// of training run 0 of seed 1.
  func point(_ rates: [Tensor], for batch: EpisodeBatch) -> Hyperparameters {
    Hyperparameters(
      rates: rates,
      initialWeights: batch.start == nil
        ? initialWeights(role: .training, seed: 1, index: 0) : [],
      scalars: scalars)
  }

  /// The same at initial rates that need no gradients.
  func initialPoint(for batch: EpisodeBatch) throws -> Hyperparameters {
    point(try rates.initialRates(), for: batch)
  }
}

extension EpisodeBatch {
  /// The initial weights of one of the runs, which must have their own.
  func initialWeights(ofRun run: Int) -> [Tensor] {
    guard case .weights(let weights) = start else {
      Issue.record("runs have no initial weights of their own")
      return []
    }
    return weights.map { $0[run] }
  }
}

func difference<Structure: ParameterStructure>(_ a: Structure, _ b: Structure) -> Double {
  zip(a.tensors, b.tensors).map { x, y in
    let (x, y) = (x.doubles, y.doubles)
    let scale = y.map(abs).max() ?? 0
    let gap = zip(x, y).map { $0.isNaN || $1.isNaN ? .infinity : abs($0 - $1) }.max() ?? 0
    return gap == 0 ? 0 : gap / max(scale, 1e-12)
  }.max() ?? 0
}

@Suite struct HypergradientTests {
  /// Formulas of every form, which estimators and memory policies are tried on.
  static let optimizers: [any Optimizer] = [
    SGD(), Momentum(momentum: 0.8), Nesterov(momentum: 0.8), RMSprop(decay: 0.7),
    Adam(beta1: 0.8, beta2: 0.9), AdamW(beta1: 0.8, beta2: 0.9, weightDecay: 0.1),
    LAMB(beta1: 0.8, beta2: 0.9, weightDecay: 0.1),
  ]

  /// Every transformation, with limits that bind for some gradients of the small problem.
  static let chains: [[any GradientTransformation]] = [
    [], [GlobalNormClip(limit: 0.5)], [TensorNormClip(limit: 0.3)], [ValueClip(limit: 0.05)],
    [GradientNormalization()],
    [CoupledWeightDecay(rate: 0.2)],
    [CoupledWeightDecay(rate: 0.2), ValueClip(limit: 0.2), GlobalNormClip(limit: 0.5)],
  ]

  private func batch(
    _ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>, runs: UInt64 = 3,
    shared: Bool = true
  ) -> EpisodeBatch {
    problem.batch(
      role: .training, seed: 1, indices: 0..<runs, sharesInitialWeights: shared)
  }

  /// An optimizer behind a chain.
  struct Descent: Sendable {
    let optimizer: any Optimizer
    let chain: [any GradientTransformation]
  }

  /// Formulas of every form behind every chain, and all other optimizers behind the longest.
  static let descents: [Descent] = {
    let others = OptimizerContractTests.optimizers.filter { other in
      !optimizers.contains { $0.word == other.word }
    }
    return optimizers.flatMap { optimizer in chains.map { Descent(optimizer: optimizer, chain: $0) }
    }
      + others.map { Descent(optimizer: $0, chain: chains.last!) }
  }()

  /// Reverse mode against central differences along random directions of rates, scalars and initial
  /// weights.
  @Test(arguments: descents)
  func reverseMatchesFiniteDifferences(_ descent: Descent) throws {
    let (optimizer, chain) = (descent.optimizer, descent.chain)
    for objective in [
      ObjectiveSpecification.final, .mean, .training, .weighted([0, 1, 0, 0, 2, 0, 1]),
    ] {
      let problem = smallProblem(
        optimizer, rates: rateSpecification(.parameter, .constant, .softplus, 0.03),
        transformations: chain, schedule: CosineSchedule(final: 0.1), objective: objective)
      let batch = batch(problem)
      var point = try problem.initialPoint(for: batch)
      var stream = RandomStream(seed: 2, purpose: "direction")
      func drawn(like tensors: [Tensor]) -> [Tensor] {
        tensors.map { Tensor($0.doubles.map { _ in stream.normal() }, $0.type) }
      }
      // LAMB's ratio jumps where a tensor is zero, as fresh biases are.
      point.initialWeights = zip(point.initialWeights, drawn(like: point.initialWeights))
        .map { $0 + 0.1 * $1 }
      let exact = ReverseHypergradient(problem, like: batch)(batch, at: point)
      let evaluate = EvaluationFunction(problem, like: batch)
      var direction = point
      direction.rates = drawn(like: point.rates)
      direction.scalars = drawn(like: point.scalars)
      direction.initialWeights = drawn(like: point.initialWeights)
      func objectiveAt(_ distance: Double) -> Double {
        evaluate(batch, at: point.mapTensors(with: direction) { $0 + distance * $1 }).objective
      }
      // Adaptive formulas bend within √ε_root of a zero gradient: small steps, extrapolated.
      func difference(_ h: Double) -> Double { (objectiveAt(h) - objectiveAt(-h)) / (2 * h) }
      let expected = (4 * difference(1e-6) - difference(2e-6)) / 3
      let found = exact.gradient.mapTensors(with: direction) { ($0 * $1).sum() }
        .tensors.map(\.scalar).reduce(0, +)
      #expect(
        abs(found - expected) < 1e-6 * max(abs(expected), 0.1),
        "\(objective): \(found) against \(expected)")
    }
  }

  /// Forward = reverse, for every granularity, time and parameterization.
  @Test(arguments: [
    Granularity.global, .layerFactor(index: .layer), .layerFactor(index: .tensor), .layer, .tensor,
    .outputUnit,
  ])
  func forwardEqualsReverse(_ granularity: Granularity) throws {
    for time in [RateTime.constant, .window(3), .step] {
      for parameterization in [Parameterization.direct, .log, .softplus, .sigmoid(maximum: 1)] {
        let problem = smallProblem(
          Momentum(),
          rates: rateSpecification(granularity, time, parameterization))
        let batch = batch(problem)
        let point = try problem.initialPoint(for: batch)
        let reverse = ReverseHypergradient(problem, like: batch)(batch, at: point).gradient
        let forward = ForwardHypergradient(problem, like: batch)(batch, at: point).gradient
        #expect(difference(forward.rates, reverse.rates) < 1e-10)
        #expect(difference(forward.scalars, reverse.scalars) < 1e-10)
      }
    }
  }

  /// A loop written out by hand gives the hypergradient of the loop primitive.
  @Test func unrolledByHandAgrees() throws {
    let problem = smallProblem(SGD(), rates: rateSpecification())
    let batch = batch(problem, runs: 1)
    let point = try problem.initialPoint(for: batch)
    let found = ReverseHypergradient(problem, like: batch)(batch, at: point)
    let task = problem.task
    let template = problem.template
    let episode = batch.episode.mapTensors { $0[0] }
    let expected = gradient(at: point) { point in
      var weights = point.initialWeights
      for step in 0..<7 {
        let g = gradient(at: weights) {
          task.trainingLoss(
            of: template.replacingTensors($0), batch: episode.steps.map { $0[step] })
        }
        weights = zip(zip(weights, point.rates), g).map { $0.0 - $0.1 * $1 }
      }
      return task.evaluationLoss(
        template.replacingTensors(weights), dataset: task.dataset, batch: episode.evaluation)
    }
    #expect(difference(found.gradient, expected) < 1e-12)
  }

  /// Restricting granularity and then differentiating sums the finer hypergradient.
  @Test func coarseRatesAreRestrictionsOfFineOnes() throws {
    let fine = smallProblem(Momentum(), rates: rateSpecification())
    let runs = batch(fine)
    let perParameter = ReverseHypergradient(fine, like: runs)(
      runs, at: try fine.initialPoint(for: runs))
    let total = perParameter.gradient.rates.reduce(0) { $0 + $1.doubles.reduce(0, +) }
    let coarse = smallProblem(
      Momentum(), rates: rateSpecification(.global))
    let shared = ReverseHypergradient(coarse, like: runs)(
      runs, at: try coarse.initialPoint(for: runs))
    #expect(abs(shared.gradient.rates[0].scalar - total) < 1e-12 * max(1, abs(total)))
    #expect(shared.objective == perParameter.objective)
  }
}
