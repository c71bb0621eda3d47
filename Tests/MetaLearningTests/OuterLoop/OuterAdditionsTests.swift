import Foundation
import MetaLearning
import TensorPrograms
import Testing

/// What the outer loop does besides descending: shrinkage by signal, averages, and terms that are
/// released one after another.
@Suite("Signal, averages and release of the outer loop") struct OuterAdditionsTests {
  private func rates(_ offsets: [RateOffset] = []) -> RateSpecification {
    var rates = rateSpecification(.tensor, .constant, .log, 0.05)
    rates.offsets = offsets
    return rates
  }

  private func loop(
    _ outer: OuterSpecification, _ rates: RateSpecification
  ) throws -> OuterLoop<SupervisedTask<MultilayerPerceptron>> {
    try OuterLoop(
      smallProblem(Momentum(), rates: rates), specification: outer, seed: 3, isDiagnosed: false)
  }

  @Test(
    "estimators that tell runs apart give the mean of their squares",
    arguments: [
      ReverseEstimator(), TruncatedEstimator(window: 3), FirstOrderEstimator(), OnlineEstimator(),
      DiagonalForwardEstimator(decay: 0.9),
    ] as [any HypergradientEstimator])
  func squares(_ estimator: any HypergradientEstimator) throws {
    var outer = OuterSpecification(optimizer: SGD(), rate: 0.1, steps: 1, tasks: 4)
    outer.estimator = estimator
    outer.shrinkage = SignalShrinkage(decay: 0)
    outer.validation.every = 0
    var loop = try loop(outer, rates())
    let problem = smallProblem(Momentum(), rates: rates())
    let before = loop.state.learned.rates
    let runs = (0..<4 as Range<UInt64>).map { run -> [Tensor] in
      let batch = problem.batch(role: .training, seed: 3, indices: run..<run + 1)
      let compiled = problem.estimator(estimator, like: batch)
      return compiled(batch, at: problem.hyperparameters(Learned(rates: before))).gradient.rates
    }
    _ = try loop.step()
    for (index, rate) in before.enumerated() {
      let own = runs.map { $0[index].scalar }
      let mean = own.reduce(0, +) / 4
      let squares: [Double] = own.map { ($0 - mean) * ($0 - mean) }
      let noise: Double = squares.reduce(0, +) / 3 / 4
      let factor: Double = max(0, 1 - noise / (mean * mean))
      let expected: Double = rate.scalar - 0.1 * factor * mean
      #expect(abs(loop.state.learned.rates[index].scalar - expected) < 1e-10)
    }
  }

  @Test("runs that are not finite are left out of a step's mean, up to a limit")
  func skippedRuns() throws {
    let problem = SeparableTask.problem(SGD(), rates: rates(), bound: 0.3)
    var outer = OuterSpecification(optimizer: SGD(), rate: 0.1, steps: 1, tasks: 8)
    outer.validation.every = 0
    let before = try problem.initialRates(seed: 3)
    let point = problem.hyperparameters(Learned(rates: before))
    let runs = (0..<8 as Range<UInt64>).map { run -> Hypergradient in
      let batch = problem.batch(role: .training, seed: 3, indices: run..<run + 1)
      let compiled = problem.estimator(ReverseEstimator(), like: batch)
      return compiled(batch, at: point)
    }
    let finite = runs.filter { $0.objective.isFinite && $0.norm.isFinite }
    let skipped = runs.count - finite.count
    try #require(skipped >= 1 && skipped <= 4)

    outer.nonFinite = .skip(limit: Double(skipped) / 8)
    var loop = try OuterLoop(problem, specification: outer, seed: 3, isDiagnosed: false)
    let report = try loop.step()
    #expect(loop.state.skippedRuns == skipped)
    let objectives: [Double] = finite.map { $0.objective }
    let count = Double(finite.count)
    let objective = objectives.reduce(0, +) / count
    #expect(abs(report.objective - objective) < 1e-12)
    for (index, rate) in before.enumerated() {
      let own: [Double] = finite.map { $0.gradient.rates[index].scalar }
      let expected: Double = rate.scalar - 0.1 * own.reduce(0, +) / count
      let learned: Double = loop.state.learned.rates[index].scalar
      #expect(abs(learned - expected) < 1e-12)
    }

    let tight = NonFinitePolicy.skip(limit: (Double(skipped) - 0.5) / 8)
    for policy in [NonFinitePolicy.stop, tight] {
      outer.nonFinite = policy
      var refused = try OuterLoop(problem, specification: outer, seed: 3, isDiagnosed: false)
      #expect(throws: NonFiniteError.self) { try refused.step() }
      #expect(refused.state.step == 0 && refused.state.skippedRuns == 0)
    }
  }

  @Test("where all runs are finite, leaving out others changes nothing") func nothingSkipped()
    throws
  {
    var states: [OuterState] = []
    for policy in [NonFinitePolicy.stop, .skip(limit: 0.5)] {
      var outer = OuterSpecification(optimizer: SGD(), rate: 0.1, steps: 2, tasks: 4)
      outer.nonFinite = policy
      var loop = try loop(outer, rates())
      while !loop.isFinished { _ = try loop.step() }
      states.append(loop.state)
    }
    let bits = states.map { state in state.learned.rates.map { $0.doubles } }
    #expect(bits[0] == bits[1])
    #expect(states[1].skippedRuns == 0)
  }

  @Test(
    "averages of mean and variance are without the bias of their beginning",
    arguments: SignalShrinkage.Noise.allCases)
  func signalOfTwoSteps(_ noise: SignalShrinkage.Noise) throws {
    let problem = smallProblem(Momentum(), rates: rates())
    var outer = OuterSpecification(optimizer: SGD(), rate: 1, tasks: 5)
    outer.shrinkage = SignalShrinkage(decay: 0.5, noise: noise)
    let learned = Learned(rates: try problem.initialRates(seed: 1))
    let update = OuterUpdate(outer, problem, like: learned)
    func tensors(_ value: Double) -> [Tensor] {
      learned.rates.map { Tensor(repeating: value, $0.type) }
    }
    // Means 1 and 2; variances 1.25 and 5 over five runs, so that squares are 1 + 1 and 4 + 4.
    let first = update(
      learned, Hyperparameters(rates: tensors(1)), squares: tensors(2), update.initialState, step: 0
    )
    let factor = 1 - 1.25 / 5
    #expect(first.signal.allSatisfy { abs($0.scalar - factor) < 1e-14 })
    #expect(
      difference(first.learned.rates, zip(learned.rates, tensors(factor)).map { $0 - $1 }) < 1e-14)
    let second = update(
      first.learned, Hyperparameters(rates: tensors(2)), squares: tensors(8), first.state, step: 1)
    // (0.5 · 1 + 2) / 1.5 and (0.5 · 1.25 + 5) / 1.5.
    let (mean, variance): (Double, Double) = (2.5 / 1.5, 5.625 / 1.5)
    // The mean has its two steps by weights of 1/3 and 2/3.
    let share: Double = noise == .step ? 1 : 5 / 9
    let next: Double = 1 - share * variance / 5 / (mean * mean)
    #expect(second.signal.allSatisfy { abs($0.scalar - next) < 1e-14 })
    // Without any hypergradient there is nothing to divide by.
    let none = update(
      learned, Hyperparameters(rates: tensors(0)), squares: tensors(0), update.initialState, step: 0
    )
    #expect(difference(none.learned.rates, learned.rates) == 0)
  }

  @Test("an average of all states so far competes at every check")
  func averages() throws {
    var outer = OuterSpecification(optimizer: Adam(), rate: 0.2, steps: 6, tasks: 2)
    outer.average = OuterAverage(decay: 0.8)
    outer.validation = ValidationSpecification(every: 3, tasks: 2)
    var loop = try loop(outer, rates())
    let problem = smallProblem(Momentum(), rates: rates())
    var states: [[Tensor]] = []
    var best = Double.infinity
    while !loop.isFinished {
      let report = try loop.step()
      states.append(loop.state.learned.rates)
      guard let validation = report.validation else {
        #expect(report.averageValidation == nil)
        continue
      }
      let weights = states.indices.map { pow(0.8, Double(states.count - 1 - $0)) }
      let total = weights.reduce(0, +)
      let mean = problem.rates.types.indices.map { index in
        zip(states, weights).map { $0[index] * ($1 / total) }.dropFirst().reduce(
          states[0][index] * (weights[0] / total)
        ) { $0 + $1 }
      }
      var averaged = loop.state
      averaged.learned.rates = mean
      let found = try #require(report.averageValidation)
      #expect(abs(loop.validate(averaged).objective - found) < 1e-12)
      best = min(best, validation, found)
      #expect(try #require(loop.state.best).objective <= best)
    }
  }

  @Test("terms are released in their order, from the best state of those before")
  func release() throws {
    var outer = OuterSpecification(
      optimizer: Adam(), rate: 0.3, schedule: CoarseToFineSchedule(patience: 2), steps: 60,
      tasks: 2)
    outer.validation = ValidationSpecification(every: 1, tasks: 2)
    let offsets = [
      RateOffset(granularity: .inputUnit, decay: 0.1),
      RateOffset(granularity: .parameter, decay: 0.1),
    ]
    var loop = try loop(outer, rates(offsets))
    let layout = smallProblem(Momentum(), rates: rates(offsets)).rates
    var releases: [Int: Int] = [:]
    while !loop.isFinished {
      let before = loop.state
      let report = try loop.step()
      if let term = report.releasedTerm {
        releases[term] = report.step
        #expect(
          loop.state.learned.rates.map(\.doubles) == loop.state.best?.learned.rates.map(\.doubles))
        #expect(loop.state.released == OuterState.Release(terms: term + 1, step: report.step))
      }
      // What is not released has not moved.
      for term in before.released!.terms..<3 {
        for index in layout.tensors(of: term) {
          #expect(loop.state.learned.rates[index].doubles.allSatisfy { $0 == 0 })
        }
      }
    }
    #expect(releases.count == 2 && releases[1]! < releases[2]!)
    #expect(loop.state.learned.rates[4].doubles.contains { $0 != 0 })
  }

  @Test("checks say in words whether exchangeable parameters differ in more than noise")
  func exchange() throws {
    for (weights, word) in [
      (InitialWeights.fresh, "no more than noise"), (.fixed, "differ in more than noise"),
    ] {
      var outer = OuterSpecification(
        optimizer: SGD(), rate: 1e-6, steps: 1, tasks: 2, initialWeights: weights)
      outer.validation = ValidationSpecification(every: 1, tasks: 8, testsExchange: true)
      var loop = try OuterLoop(
        smallProblem(Momentum(), rates: rates()), specification: outer, seed: 3)
      let diagnostics = try #require(try loop.step().diagnostics)
      let test = try #require(diagnostics.exchange)
      #expect((test.pValue > 0.05) == (weights == .fresh) && test.share > 0)
      let texts = diagnostics.warnings(names: loop.problem.rates.names).map(\.text)
      #expect(texts.contains { $0.contains(word) })
      outer.validation.testsExchange = false
      var silent = try OuterLoop(
        smallProblem(Momentum(), rates: rates()), specification: outer, seed: 3)
      #expect(try silent.step().diagnostics?.exchange == nil)
    }
  }

  @Test("checks of longer runs than rates were made for test exchange as well")
  func exchangeOverOtherHorizons() throws {
    for time in [RateTime.knots(3), .step, .window(2)] {
      for steps in [4, 11] {
        var outer = OuterSpecification(optimizer: SGD(), rate: 1e-6, steps: 1, tasks: 2)
        outer.validation = ValidationSpecification(
          every: 1, tasks: 3, steps: steps, testsExchange: true)
        var loop = try OuterLoop(
          smallProblem(Momentum(), rates: rateSpecification(.tensor, time, .log, 0.05)),
          specification: outer, seed: 3)
        let found = try loop.step().diagnostics?.exchange
        #expect(found != nil)
      }
    }
  }

  @Test("schedules begin anew where a term is released")
  func scheduleOfRelease() throws {
    let problem = smallProblem(Momentum(), rates: rates())
    let learned = Learned(rates: try problem.initialRates(seed: 1))
    let outer = OuterSpecification(
      optimizer: SGD(), rate: 1,
      schedule: CoarseToFineSchedule(multiplier: CosineSchedule(final: 0.1)), steps: 40)
    let update = OuterUpdate(outer, problem, like: learned)
    let ones = learned.rates.map { Tensor(repeating: 1, $0.type) }
    func moved(_ step: Int, since start: Int) -> Double {
      let after = update(
        learned, Hyperparameters(rates: ones), update.initialState, step: step, since: start)
      return learned.rates[0].scalar - after.learned.rates[0].scalar
    }
    #expect(moved(20, since: 20) == moved(0, since: 0))
    #expect(abs(moved(30, since: 20) - moved(20, since: 0)) < 1e-12)
    #expect(moved(20, since: 0) < moved(20, since: 20))
  }

  @Test("frozen steps count for no release and have no signal")
  func frozen() throws {
    var outer = OuterSpecification(
      optimizer: SGD(), rate: 1e-9, schedule: CoarseToFineSchedule(patience: 1), steps: 8, tasks: 2)
    outer.frozenSteps = 5
    outer.shrinkage = SignalShrinkage()
    outer.validation = ValidationSpecification(every: 1, tasks: 1)
    var loop = try loop(outer, rates([RateOffset(granularity: .parameter, decay: 0.1)]))
    #expect(loop.unreleasedTerms == [1])
    while loop.state.step < 5 {
      let report = try loop.step()
      #expect(report.releasedTerm == nil && report.signal.allSatisfy { $0.isNaN })
    }
    let report = try loop.step()
    #expect(report.signal.prefix(4).allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(report.signal.dropFirst(4).allSatisfy { $0.isNaN })
  }

  @Test("an update that is not finite stops learning, and keeps the state before it")
  func overflow() throws {
    let offset = RateOffset(granularity: .parameter, speed: 1e300, decay: 1)
    let outer = OuterSpecification(optimizer: SGD(), rate: 1e300, steps: 2, tasks: 1)
    var loop = try loop(outer, rates([offset]))
    let error = #expect(throws: NonFiniteError.self) { try loop.step() }
    #expect("\(error!)".contains("the outer update of rates"), "\(error!)")
    #expect(loop.state.step == 0)
  }

  @Test("parts that each can be are refused where they cannot be together")
  func disagreement() throws {
    var outer = OuterSpecification(optimizer: SGD(), rate: 0.1, steps: 1, tasks: 1)
    outer.shrinkage = SignalShrinkage()
    #expect(throws: RateError.self) { try loop(outer, rates()) }
    outer.tasks = 2
    outer.estimator = ForwardEstimator()
    #expect(throws: RateError.self) { try loop(outer, rates()) }
    let fixed = OuterSpecification(
      optimizer: SGD(), rate: 0.1, steps: 1, tasks: 1, initialWeights: .fixed)
    #expect(throws: RateError.self) {
      try loop(fixed, rateSpecification(.orbit(), .constant, .log, 0.05))
    }
    #expect(throws: Never.self) {
      try loop(fixed, rateSpecification(.orbit(assumesFresh: true), .constant, .log, 0.05))
    }
  }
}
