import Foundation
import MetaLearning
import TensorPrograms
import Testing

/// Where each estimator must equal the exact hypergradient, and what it must be elsewhere.
@Suite struct EstimatorTests {
  static let granularities: [Granularity] = [
    .global, .layerFactor(index: .layer), .layerFactor(index: .tensor), .layer, .tensor,
    .inputUnit, .outputUnit, .orbit(), .parameter,
  ]
  static let parameterizations: [Parameterization] = [
    .direct, .log, .softplus, .sigmoid(maximum: 1),
  ]

  static func objectives(_ steps: Int) -> [ObjectiveSpecification] {
    [.final, .mean, .training, .weighted((0..<steps).map { Double($0 % 3) })]
  }

  private func estimate<Task: LearningTask>(
    _ specification: any HypergradientEstimator, _ problem: InnerProblem<Task>,
    _ batch: EpisodeBatch, _ point: Hyperparameters
  ) -> Hypergradient {
    // In two statements: the compiler does not survive a call on an existential result.
    let estimator = problem.estimator(specification, like: batch)
    return estimator(batch, at: point)
  }

  /// The estimate's part that all estimators have.
  private func rates<Task: LearningTask>(
    _ specification: any HypergradientEstimator, _ problem: InnerProblem<Task>,
    _ batch: EpisodeBatch, _ point: Hyperparameters
  ) -> [Tensor] {
    estimate(specification, problem, batch, point).gradient.rates
  }

  /// Runs with weights of their own, no tensor of them zero.
  private func runs<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ count: UInt64 = 2
  ) -> EpisodeBatch {
    var batch = problem.batch(role: .training, seed: 1, indices: 0..<count)
    var stream = RandomStream(seed: 6, purpose: "away from zero")
    batch.start = batch.start?.mapTensors { weights in
      weights + Tensor(weights.doubles.map { _ in 0.1 * stream.normal() }, weights.type)
    }
    return batch
  }

  /// A point whose unconstrained rates all differ.
  private func point<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch
  ) throws -> Hyperparameters {
    var stream = RandomStream(seed: 7, purpose: "raw rates")
    let rates = try problem.rates.initialRates().map { rate in
      rate + Tensor(rate.doubles.map { _ in 0.02 * stream.normal() }, rate.type)
    }
    return problem.point(rates, for: batch)
  }

  /// Every estimator on every optimizer and granularity, behind a clip and a schedule, each held
  /// against what it must be there.
  @Test(arguments: HypergradientTests.optimizers, granularities)
  func everyEstimatorIsWhatItSays(
    _ optimizer: any Optimizer, _ granularity: Granularity
  ) throws {
    let steps = 4
    let problem = smallProblem(
      optimizer, rates: rateSpecification(granularity, .constant, .softplus, 0.05), steps: steps,
      transformations: [GlobalNormClip(limit: 0.5)], schedule: CosineSchedule(final: 0.1))
    let batch = runs(problem)
    let point = try point(problem, batch)
    let reverse = estimate(ReverseEstimator(), problem, batch, point)

    let forward = estimate(ForwardEstimator(), problem, batch, point)
    #expect(difference(forward.gradient.rates, reverse.gradient.rates) < 1e-10)
    #expect(difference(forward.gradient.scalars, reverse.gradient.scalars) < 1e-10)

    for window in [steps, steps + 3] {
      let whole = estimate(TruncatedEstimator(window: window), problem, batch, point)
      #expect(difference(whole.gradient.rates, reverse.gradient.rates) < 1e-12)
      #expect(difference(whole.gradient.scalars, reverse.gradient.scalars) < 1e-12)
    }

    let online = estimate(OnlineEstimator(), problem, batch, point)
    let oneStep = meanOverRuns(problem, batch, point) { run in
      run.pulledBack(
        total(
          (0..<steps).map { step in
            let slope = step + 1 < steps ? run.trainingSlope(step + 1) : run.evaluationSlope(steps)
            return product(slope, run.directions(step)).map { -1 * $0 }
          }))
    }
    #expect(difference(online.gradient.rates, oneStep) < 1e-9)

    let forgetful = estimate(DiagonalForwardEstimator(decay: 0), problem, batch, point)
    let lastStep = meanOverRuns(problem, batch, point) { run in
      run.pulledBack(
        product(run.evaluationSlope(steps), run.directions(steps - 1)).map { -1 * $0 })
    }
    #expect(difference(forgetful.gradient.rates, lastStep) < 1e-9)

    // Where directions follow from gradients alone, constant gradients make them constant.
    if !optimizer.hasDecoupledDecay {
      let firstOrder = rates(FirstOrderEstimator(), problem, batch, point)
      let allSteps = meanOverRuns(problem, batch, point) { run in
        let path = total((0..<steps).map { run.directions($0) })
        return run.pulledBack(product(run.evaluationSlope(steps), path).map { -1 * $0 })
      }
      #expect(difference(firstOrder, allSteps) < 1e-9)
    }

    for found in [reverse, forward, online, forgetful] {
      #expect(found.gradient.rates.map(\.type) == problem.rates.types)
      #expect(difference([Tensor(found.objectives)], [Tensor(reverse.objectives)]) < 1e-12)
      #expect(difference([found.trainingLosses], [reverse.trainingLosses]) < 1e-12)
    }

    // The difference between mirrored runs on the same data, along each perturbation.
    let (pairs, deviation) = (3, 1e-5)
    let evolution = rates(
      EvolutionEstimator(pairs: pairs, deviation: deviation, window: nil), problem, batch, point)
    let noise = perturbations(problem, batch, pairs: pairs)
    let expected = directional(reverse.gradient.rates, noise)
    #expect(difference(evolution, expected) < 1e-5)
  }

  /// Standard normal perturbations of a batch, pair by pair.
  private func perturbations<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch, pairs: Int
  ) -> [[Tensor]] {
    var stream = batch.stream
    let noise = problem.rates.types.map { type in
      (0..<pairs).map { _ in
        Tensor((0..<type.shape.count).map { _ in stream.normal() }, type)
      }
    }
    return (0..<pairs).map { pair in noise.map { $0[pair] } }
  }

  /// The mean of (∇F·ε) ε.
  private func directional(_ gradient: [Tensor], _ noise: [[Tensor]]) -> [Tensor] {
    total(
      noise.map { perturbation in
        let slope = product(gradient, perturbation).reduce(0) { $0 + $1.sum().scalar }
        return perturbation.map { $0 * (slope / Double(noise.count)) }
      })
  }

  // MARK: Truncated

  /// The last steps by hand, the rest constant: for all objectives, constant rates and others.
  @Test(arguments: [RateTime.constant, .window(3), .step], [1, 3])
  func truncationIsTheLastStepsByHand(_ time: RateTime, _ window: Int) throws {
    for optimizer in HypergradientTests.optimizers where !(optimizer is Nesterov) {
      for objective in Self.objectives(5) {
        let problem = smallProblem(
          optimizer, rates: rateSpecification(.tensor, time), steps: 5,
          schedule: CosineSchedule(final: 0.1), objective: objective)
        let batch = runs(problem)
        let point = try point(problem, batch)
        let found = estimate(TruncatedEstimator(window: window), problem, batch, point)
        let expected = meanOverRuns(problem, batch, point) { $0.truncatedGradient(window: window) }
        #expect(
          difference(found.gradient.rates, expected) < 1e-9, "\(optimizer.word) \(objective)")
        let exact = estimate(ReverseEstimator(), problem, batch, point)
        #expect(found.objective == exact.objective)
        #expect(difference(found.gradient.rates, exact.gradient.rates) > 1e-3)
      }
    }
  }

  /// A stretch of a run brings its own time, of which truncation takes the last steps' part.
  @Test(arguments: [RateTime.constant, .step])
  func truncationKeepsTheTimeOfAStretch(_ time: RateTime) throws {
    let problem = smallProblem(
      Adam(), rates: rateSpecification(.tensor, time), steps: 5,
      schedule: CosineSchedule(final: 0.1), objective: .mean)
    let whole = problem.batch(role: .training, seed: 1, indices: 0..<2)
    let point = try point(problem, whole)
    let stretch = problem.stretch(
      role: .training, seed: 1, indices: 0..<2, from: nil, start: 0, of: 5)
    for window in [2, 5] {
      let expected = rates(TruncatedEstimator(window: window), problem, whole, point)
      let found = rates(TruncatedEstimator(window: window), problem, stretch, point)
      #expect(difference(found, expected) < 1e-12)
    }
  }

  // MARK: First order

  /// One step depends on no earlier gradient, so nothing is lost.
  @Test(arguments: HypergradientTests.optimizers)
  func firstOrderAndOnlineAreExactAtOneStep(_ optimizer: any Optimizer) throws {
    for granularity in Self.granularities {
      let problem = smallProblem(
        optimizer, rates: rateSpecification(granularity, .constant, .log), steps: 1)
      let batch = runs(problem)
      let point = try point(problem, batch)
      let exact = rates(ReverseEstimator(), problem, batch, point)
      for other in [
        FirstOrderEstimator(), OnlineEstimator(), DiagonalForwardEstimator(decay: 0.5),
      ] as [any HypergradientEstimator] {
        #expect(difference(rates(other, problem, batch, point), exact) < 1e-10, "\(other)")
      }
    }
  }

  /// At several steps they are estimates: what the laws above hold them to is not the exact one.
  @Test(
    arguments: [
      FirstOrderEstimator(), OnlineEstimator(), DiagonalForwardEstimator(decay: 1),
      TruncatedEstimator(window: 2),
    ] as [any HypergradientEstimator])
  func estimatesDifferFromTheExactHypergradient(_ estimator: any HypergradientEstimator) throws {
    let problem = smallProblem(Momentum(), rates: rateSpecification())
    let batch = runs(problem)
    let point = try point(problem, batch)
    let found = rates(estimator, problem, batch, point)
    #expect(difference(found, rates(ReverseEstimator(), problem, batch, point)) > 1e-2)
  }

  /// At one step the initial weights' hypergradient is not the first-order one: a Hessian is left
  /// out.
  @Test func firstOrderIsNotExactForInitialWeights() throws {
    let problem = smallProblem(
      SGD(), rates: rateSpecification(), steps: 1)
    let batch = problem.batch(
      role: .training, seed: 1, indices: 0..<1, sharesInitialWeights: true)
    let point = try point(problem, batch)
    let found = estimate(FirstOrderEstimator(), problem, batch, point).gradient
    let exact = estimate(ReverseEstimator(), problem, batch, point).gradient
    let run = HandMadeRun(problem, batch, run: 0, at: point)
    #expect(difference(found.initialWeights, run.evaluationSlope(1)) < 1e-12)
    #expect(difference(found.initialWeights, exact.initialWeights) > 1e-3)
  }

  // MARK: Diagonal forward

  /// Where Hessians are diagonal nothing is left out, whatever rates are shared.
  @Test(arguments: HypergradientTests.optimizers.filter { !($0 is LAMB) }, granularities)
  func diagonalForwardIsExactForDiagonalHessians(
    _ optimizer: any Optimizer, _ granularity: Granularity
  ) throws {
    // The formulas of the design with everything; the others need not repeat what rates share.
    let hasAll = optimizer is SGD || optimizer is Momentum || optimizer is Adam
    for parameterization in Self.parameterizations where hasAll || parameterization == .log {
      for objective in Self.objectives(6) where hasAll || objective == .mean {
        let problem = SeparableTask.problem(
          optimizer, rates: rateSpecification(granularity, .constant, parameterization, 0.2),
          objective: objective)
        let batch = runs(problem)
        let point = try point(problem, batch)
        let found = rates(DiagonalForwardEstimator(decay: 1), problem, batch, point)
        let exact = rates(ReverseEstimator(), problem, batch, point)
        #expect(difference(found, exact) < 1e-10, "\(parameterization) \(objective)")
      }
    }
  }

  /// S ← decay (1 − s α h) S − s g, with h the second derivative, for plain descent: for every
  /// objective, with what was forgotten forgotten once a step.
  @Test(arguments: [0, 0.5, 0.9])
  func diagonalForwardForgetsByItsDecay(_ decay: Double) throws {
    for objective in Self.objectives(6) {
      let problem = SeparableTask.problem(
        SGD(), rates: rateSpecification(.parameter, .constant, .direct, 0.2),
        objective: objective)
      let batch = runs(problem)
      let point = try point(problem, batch)
      let found = rates(DiagonalForwardEstimator(decay: decay), problem, batch, point)
      let expected = meanOverRuns(problem, batch, point) { run in
        var trace = point.rates.map { Tensor.zeros($0.type) }
        var sum = trace
        for step in 0..<6 {
          let s = problem.specification.schedule.multiplier(at: step, of: 6)
          let slope = run.trainingSlope(step)
          if objective == .training {
            sum = total([sum, product(slope, trace).map { $0 * (1 / 6.0) }])
          }
          trace = trace.indices.map { tensor in
            let weight = run.weights(step)[tensor]
            let curvature =
              problem.task.dataset[tensor] + 3 * SeparableTask.quartic * weight.squared()
            return decay * trace[tensor] * (1 - s * point.rates[tensor] * curvature)
              - s * slope[tensor]
          }
          sum = total([
            sum,
            product(run.evaluationSlope(step + 1), trace).map { $0 * run.shares[step] },
          ])
        }
        return sum
      }
      #expect(difference(found, expected) < 1e-10, "\(objective)")
    }
  }

  // MARK: Evolution

  /// Estimates of one batch from so many streams: their mean and its standard error, number by
  /// number.
  private func sampled<Task: LearningTask>(
    _ specification: any HypergradientEstimator, _ problem: InnerProblem<Task>,
    _ batch: EpisodeBatch, _ point: Hyperparameters, streams: Int
  ) -> (mean: [Double], error: [Double]) {
    let estimator = problem.estimator(specification, like: batch)
    var samples: [[Double]] = []
    var batch = batch
    for stream in 0..<streams {
      batch.stream = RandomStream(seed: 8, purpose: "evolution", index: UInt64(stream))
      samples.append(estimator(batch, at: point).gradient.rates.flatMap(\.doubles))
    }
    let count = Double(streams)
    let mean = samples[0].indices.map { number in
      samples.reduce(0) { $0 + $1[number] } / count
    }
    let error = mean.indices.map { number in
      let spread = samples.reduce(0) { $0 + pow($1[number] - mean[number], 2) }
      return (spread / (count - 1) / count).squareRoot()
    }
    return (mean, error)
  }

  /// The mean of many estimates is the exact hypergradient within its standard error, in one window
  /// and in several; truncating to a window without a memory is far outside of it.
  @Test(arguments: [nil, 4, 2, 1])
  func evolutionIsUnbiased(_ window: Int?) throws {
    for objective in Self.objectives(8) {
      let problem = SeparableTask.problem(
        Momentum(), rates: rateSpecification(.tensor, .constant, .log, 0.1),
        steps: 8, objective: objective)
      let batch = runs(problem)
      let point = try point(problem, batch)
      let exact = rates(ReverseEstimator(), problem, batch, point).flatMap(\.doubles)
      let (mean, error) = sampled(
        EvolutionEstimator(pairs: 50, deviation: 1e-3, window: window), problem, batch, point,
        streams: 400)
      for (found, (expected, error)) in zip(mean, zip(exact, error)) {
        #expect(abs(found - expected) < 4 * error, "\(objective): \(found) against \(expected)")
      }
      // The standard error must be small enough to tell.
      let size = exact.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(error.reduce(0) { $0 + $1 * $1 }.squareRoot() < 0.1 * size)
      if let window, objective == .final {
        let forgetful = rates(TruncatedEstimator(window: window), problem, batch, point)
          .flatMap(\.doubles)
        #expect(zip(zip(mean, forgetful), error).contains { abs($0.0 - $0.1) > 10 * $1 })
      }
    }
  }

  /// Σ over windows of the change of its share of the objective along all perturbations so far,
  /// times their sum: for a small deviation this is one reverse sweep over rates that change by
  /// window.
  @Test(arguments: objectives(6))
  func windowsRememberEarlierPerturbations(_ objective: ObjectiveSpecification) throws {
    let (steps, window, pairs) = (6, 2, 2)
    let constant = SeparableTask.problem(
      Adam(), rates: rateSpecification(.layer), steps: steps,
      objective: objective)
    let batch = runs(constant)
    let point = try point(constant, batch)
    let found = rates(
      EvolutionEstimator(pairs: pairs, deviation: 1e-5, window: window), constant, batch, point)

    var stream = batch.stream
    let noise = point.rates.map { _ in
      (0..<pairs).map { _ in (0..<steps / window).map { _ in stream.normal() } }
    }
    // The share of each window in the objective as an objective of its own, with its total weight.
    func share(_ part: Int) -> (objective: ObjectiveSpecification, weight: Double)? {
      let range = part * window..<(part + 1) * window
      switch objective {
      case .final: return part == steps / window - 1 ? (.final, 1) : nil
      case .training: return (.training, 1)
      case .mean, .weighted:
        let run = HandMadeRun(constant, batch, run: 0, at: point)
        let weights = run.shares.enumerated().map { range.contains($0) ? $1 : 0 }
        let total = weights.reduce(0, +)
        return total == 0 ? nil : (.weighted(weights), total)
      }
    }
    var expected = point.rates.map { _ in 0.0 }
    for part in 0..<steps / window {
      guard let (objective, weight) = share(part) else { continue }
      let byWindow = SeparableTask.problem(
        Adam(), rates: rateSpecification(.layer, .window(window)),
        steps: steps, objective: objective)
      var rows = point
      rows.rates = point.rates.map { Tensor($0.doubles + $0.doubles + $0.doubles) }
      let gradient: [[Double]]
      if objective == .training {
        // The training losses of this window's steps alone.
        let sums = meanOverRuns(byWindow, batch, rows) { run in
          run.trainingGradient(part * window..<(part + 1) * window)
        }
        gradient = sums.map(\.doubles)
      } else {
        gradient = rates(ReverseEstimator(), byWindow, batch, rows).map(\.doubles)
      }
      for pair in 0..<pairs {
        let slope = noise.indices.reduce(0.0) { sum, tensor in
          sum + zip(gradient[tensor], noise[tensor][pair]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        for tensor in expected.indices {
          let memory = noise[tensor][pair].prefix(part + 1).reduce(0, +)
          expected[tensor] += weight * slope * memory / Double(pairs)
        }
      }
    }
    #expect(difference(found, expected.map { Tensor([$0]) }) < 1e-6)
  }

  /// A linear objective has the same estimate at every deviation, (∇F·ε) ε exactly.
  @Test func evolutionIsExactAlongItsPerturbationsForLinearObjectives() throws {
    let problem = LinearTask.problem()
    let batch = runs(problem)
    let point = try point(problem, batch)
    let exact = rates(ReverseEstimator(), problem, batch, point)
    let expected = directional(exact, perturbations(problem, batch, pairs: 5))
    for deviation in [1e-3, 1, 100] {
      let found = rates(
        EvolutionEstimator(pairs: 5, deviation: deviation, window: nil), problem, batch, point)
      #expect(difference(found, expected) < 1e-9)
    }
    #expect(difference(expected, exact) > 1e-2)
  }

  /// Perturbations follow from the batch: equal batches give equal bits, others do not.
  @Test func evolutionIsDeterministicForABatch() throws {
    let problem = SeparableTask.problem(
      SGD(), rates: rateSpecification(.tensor))
    let point = try point(problem, runs(problem))
    let estimator = problem.estimator(
      EvolutionEstimator(pairs: 4, deviation: 0.01, window: 3), like: runs(problem))
    func rates(_ batch: EpisodeBatch) -> [[Double]] {
      estimator(batch, at: point).gradient.rates.map(\.doubles)
    }
    func rates(_ indices: Range<UInt64>) -> [[Double]] {
      rates(problem.batch(role: .training, seed: 1, indices: indices))
    }
    #expect(rates(0..<2) == rates(0..<2))
    // The same runs with another batch's perturbations.
    var batch = problem.batch(role: .training, seed: 1, indices: 0..<2)
    batch.stream = problem.batch(role: .training, seed: 1, indices: 2..<4).stream
    #expect(rates(batch) != rates(0..<2))
  }

  /// Rates that change over time are perturbed row by row, in one window.
  @Test(arguments: [RateTime.window(2), .step])
  func evolutionPerturbsEveryRow(_ time: RateTime) throws {
    let problem = SeparableTask.problem(
      Momentum(), rates: rateSpecification(.layer, time), objective: .mean)
    let batch = runs(problem)
    let point = try point(problem, batch)
    let exact = rates(ReverseEstimator(), problem, batch, point)
    let found = rates(
      EvolutionEstimator(pairs: 3, deviation: 1e-5, window: nil), problem, batch, point)
    #expect(difference(found, directional(exact, perturbations(problem, batch, pairs: 3))) < 1e-6)
  }
}

/// c·θ with a constant gradient to train on: one step of plain descent is linear in the rates.
struct LinearTask: LearningTask {
  var scalarType: ScalarType { .float64 }

  func initialParameters(from stream: inout RandomStream) -> QuadraticParameters {
    QuadraticParameters(weight: Tensor((0..<4).map { _ in stream.normal() }))
  }

  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    let type = TensorType([4], scalarType)
    episode.addSteps(type) { _ in stream.normal() }
    episode.addEvaluation(type) { _ in stream.normal() }
  }

  func trainingLoss(
    _ parameters: inout QuadraticParameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { (parameters.weight * batch[0]).sum() }

  /// Three steps, with one direct rate per parameter.
  static func problem() -> InnerProblem<LinearTask> {
    var stream = RandomStream(seed: 5, purpose: "linear")
    let task = LinearTask()
    return InnerProblem(
      task: task, template: task.initialParameters(from: &stream),
      specification: InnerSpecification(steps: 3, batch: 1), rates: rateSpecification())
  }
}
