import MetaLearning
import TensorPrograms
import Testing

/// A small supervised problem in double precision.
func smallProblem(
  _ optimizer: any Optimizer, rates: RateSpecification, steps: Int = 7,
  transformations: [any GradientTransformation] = [], schedule: any Schedule = ConstantSchedule(),
  objective: ObjectiveSpecification = .final, memory: MemorySpecification = .storeAll
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
  /// The unconstrained tensors of initial rates that need no gradients.
  func initialRates() throws -> [Tensor] {
    try specification.initial.unconstrained(
      RateStart(layout: self) { _ in
        Issue.record("gradients were asked for")
        return []
      })
  }
}

func difference(_ a: [Tensor], _ b: [Tensor]) -> Double {
  zip(a, b).map { x, y in
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
      role: .training, seed: 1, indices: 0..<runs,
      shared: shared ? problem.initialWeights(role: .training, seed: 1, index: 0) : nil)
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
      var batch = batch(problem)
      var stream = RandomStream(seed: 2, purpose: "direction")
      // LAMB's ratio jumps where a tensor is zero, as fresh biases are.
      batch.initial = batch.initial.map { weights in
        weights + Tensor(weights.doubles.map { _ in 0.1 * stream.normal() }, weights.type)
      }
      let unconstrained = try problem.rates.initialRates()
      let scalars = problem.scalars
      let exact = ReverseHypergradient(problem, like: batch)(
        batch, unconstrained: unconstrained, scalars: scalars)
      let evaluate = EvaluationFunction(problem, like: batch)
      let point = unconstrained + scalars + batch.initial
      let direction = point.map { r in Tensor(r.doubles.map { _ in stream.normal() }, r.type) }
      func objectiveAt(_ distance: Double) -> Double {
        let moved = zip(point, direction).map { $0 + distance * $1 }
        var batch = batch
        batch.initial = Array(moved.dropFirst(unconstrained.count + scalars.count))
        return evaluate(
          batch, unconstrained: Array(moved.prefix(unconstrained.count)),
          scalars: Array(moved.dropFirst(unconstrained.count).prefix(scalars.count))
        ).objective
      }
      // Adaptive formulas bend within √ε_root of a zero gradient: small steps, extrapolated.
      func difference(_ h: Double) -> Double { (objectiveAt(h) - objectiveAt(-h)) / (2 * h) }
      let expected = (4 * difference(1e-6) - difference(2e-6)) / 3
      let found = zip(exact.rates + exact.scalars + exact.initial, direction)
        .map { ($0 * $1).sum().scalar }.reduce(0, +)
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
        let unconstrained = try problem.rates.initialRates()
        let reverse = ReverseHypergradient(problem, like: batch)(
          batch, unconstrained: unconstrained, scalars: problem.scalars)
        let forward = ForwardHypergradient(problem, like: batch)(
          batch, unconstrained: unconstrained, scalars: problem.scalars)
        #expect(difference(forward.rates, reverse.rates) < 1e-10)
        #expect(difference(forward.scalars, reverse.scalars) < 1e-10)
      }
    }
  }

  /// A loop written out by hand gives the hypergradient of the loop primitive.
  @Test func unrolledByHandAgrees() throws {
    let problem = smallProblem(SGD(), rates: rateSpecification())
    let batch = batch(problem, runs: 1)
    let unconstrained = try problem.rates.initialRates()
    let found = ReverseHypergradient(problem, like: batch)(
      batch, unconstrained: unconstrained, scalars: problem.scalars)
    let task = problem.task
    let template = problem.template
    let expected = gradient(at: unconstrained + batch.initial) { point in
      let rates = Array(point.prefix(unconstrained.count))
      var weights = Array(point.dropFirst(unconstrained.count))
      for step in 0..<7 {
        let g = gradient(at: weights) {
          task.trainingLoss(of: template.replacingTensors($0), batch: [batch.steps[0][0][step]])
        }
        weights = zip(zip(weights, rates), g).map { $0.0 - $0.1 * $1 }
      }
      return task.evaluationLoss(
        template.replacingTensors(weights), dataset: task.dataset, batch: [batch.evaluation[0][0]])
    }
    #expect(difference(found.rates + found.initial, expected) < 1e-12)
  }

  /// Restricting granularity and then differentiating sums the finer hypergradient.
  @Test func coarseRatesAreRestrictionsOfFineOnes() throws {
    let fine = smallProblem(Momentum(), rates: rateSpecification())
    let runs = batch(fine)
    let perParameter = ReverseHypergradient(fine, like: runs)(
      runs, unconstrained: try fine.rates.initialRates(), scalars: fine.scalars)
    let total = perParameter.rates.reduce(0) { $0 + $1.doubles.reduce(0, +) }
    let coarse = smallProblem(
      Momentum(), rates: rateSpecification(.global))
    let shared = ReverseHypergradient(coarse, like: runs)(
      runs, unconstrained: try coarse.rates.initialRates(), scalars: coarse.scalars)
    #expect(abs(shared.rates[0].scalar - total) < 1e-12 * max(1, abs(total)))
    #expect(shared.objective == perParameter.objective)
  }
}
