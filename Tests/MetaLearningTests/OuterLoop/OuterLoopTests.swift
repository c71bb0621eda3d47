import Foundation
import MetaLearning
import Settings
import TensorPrograms
import Testing

/// Every element of a structure.
private func bits(_ structure: some ParameterStructure) -> [[Double]] {
  structure.tensors.map(\.doubles)
}

/// Every element of what a loop carries, the best state aside.
private func bits(_ state: OuterState) -> [[Double]] {
  bits(state.learned) + bits(state.inner) + bits(state.optimizer)
}

@Suite struct OuterLoopTests {
  private func loop(
    _ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>,
    _ specification: OuterSpecification,
    from state: OuterState? = nil
  ) throws -> OuterLoop<SupervisedTask<MultilayerPerceptron>> {
    var loop = try OuterLoop(problem, specification: specification, seed: 9)
    if let state { loop.resume(state) }
    return loop
  }

  @Test func learningRatesLowersTheValidationObjective() throws {
    let problem = smallProblem(
      SGD(), rates: rateSpecification(.parameter, .constant, .log, 0.02),
      steps: 10)
    let specification = OuterSpecification(rate: 0.1, steps: 30, tasks: 4)
    var loop = try loop(problem, specification)
    let before = loop.validate(loop.state).objective
    for _ in 0..<30 { _ = try loop.step() }
    #expect(loop.validate(loop.state).objective < 0.95 * before)
    let best = try #require(loop.state.best)
    #expect(best.objective < before && best.step > 0)
  }

  /// A state is all there is: continuing from a copy gives the same bits.
  @Test func continuingGivesTheSameBits() throws {
    let problem = smallProblem(
      Momentum(), rates: rateSpecification(.outputUnit, .constant, .log))
    for learn in [[LearnTarget.rates], [.initialWeights], [.rates, .initialWeights]] {
      let specification = OuterSpecification(steps: 6, learning: .hypergradients(learn), tasks: 3)
      var whole = try loop(problem, specification)
      for _ in 0..<3 { _ = try whole.step() }
      var resumed = try loop(problem, specification, from: whole.state)
      for _ in 0..<3 {
        let (first, second) = (try whole.step(), try resumed.step())
        #expect(first.objective == second.objective)
      }
      let (a, b) = (whole.state, resumed.state)
      #expect(bits(a) == bits(b))
      let (start, learned) = (try loop(problem, specification).state.learned, a.learned)
      #expect((bits(start.rates) != bits(learned.rates)) == learn.contains(.rates))
      #expect(
        (bits(start.initialWeights) != bits(learned.initialWeights))
          == learn.contains(.initialWeights))
    }
  }

  /// What overflows stops the loop, names its place, and leaves the state alone.
  @Test func nonFiniteNumbersStopTheLoop() throws {
    let problem = smallProblem(
      SGD(),
      rates: rateSpecification(.parameter, .constant, .direct, 1.7e308))
    var loop = try loop(problem, OuterSpecification(steps: 5, tasks: 2))
    let before = loop.state
    let error = #expect(throws: NonFiniteError.self) { try loop.step() }
    #expect(error?.step == 1)
    #expect(error?.place.contains("of run 0: ") == true)
    #expect(loop.state.step == before.step)
    #expect(bits(loop.state) == bits(before))
  }

  /// An outer rate that only makes things worse leaves the state before learning as the best.
  @Test func theStartCompetesForBest() throws {
    let problem = smallProblem(
      SGD(), rates: rateSpecification(.global, .constant, .log, 0.5))
    let specification = OuterSpecification(
      rate: 3, steps: 4, tasks: 2, validation: ValidationSpecification(every: 2, tasks: 2))
    var loop = try loop(problem, specification)
    let start = loop.state
    let expected = loop.validate(start).objective
    #expect(start.best == nil)
    while !loop.isFinished { _ = try loop.step() }
    let best = try #require(loop.state.best)
    #expect(best.step == 0 && best.objective == expected)
    #expect(bits(best.learned) == bits(start.learned))
    #expect(loop.validate(loop.state).objective > expected)
    // It is validated once, whoever asks for it.
    var asked = try self.loop(problem, specification)
    let found = asked.validateStart()
    let report = try #require(found)
    #expect(report.step == 0 && report.validation == expected && report.accuracy != nil)
    let again = asked.validateStart()
    #expect(again == nil)
    while !asked.isFinished { _ = try asked.step() }
    #expect(bits(asked.state) == bits(loop.state))
    #expect(asked.state.best?.step == 0)
    // Without validation nothing competes.
    var blind = specification
    blind.validation.every = 0
    var unvalidated = try self.loop(problem, blind)
    let none = unvalidated.validateStart()
    #expect(none == nil)
    while !unvalidated.isFinished { _ = try unvalidated.step() }
    #expect(unvalidated.state.best?.step == nil)
  }

  /// States that were saved before the start competed go on as they were.
  @Test func laterStatesAreNotComparedWithTheStart() throws {
    let problem = smallProblem(SGD(), rates: rateSpecification())
    let specification = OuterSpecification(
      steps: 4, tasks: 2, validation: ValidationSpecification(every: 4, tasks: 2))
    var whole = try loop(problem, specification)
    for _ in 0..<2 { _ = try whole.step() }
    var old = whole.state
    old.best = nil
    var resumed = try loop(problem, specification, from: old)
    let report = resumed.validateStart()
    #expect(report == nil)
    while !whole.isFinished { _ = try whole.step() }
    while !resumed.isFinished { _ = try resumed.step() }
    #expect(bits(whole.state) == bits(resumed.state))
    #expect(resumed.state.best?.step == 4)
  }

  /// What a Swift user sets as the objective is what is learned for: there is one place to set it.
  @Test func theProblemsObjectiveIsLearnedFor() throws {
    func objective(_ objective: ObjectiveSpecification) throws -> Double {
      let problem = smallProblem(
        SGD(), rates: rateSpecification(), objective: objective)
      var loop = try loop(problem, OuterSpecification(steps: 1, tasks: 2))
      return try loop.step().objective
    }
    let values = try [ObjectiveSpecification.final, .mean, .training].map(objective)
    #expect(Set(values).count == 3)
  }

  /// Weights and scalars from elsewhere are what runs start from, and what is learned from.
  @Test func givenWeightsAndScalars() throws {
    let plain = smallProblem(
      Momentum(momentum: 0.9), rates: rateSpecification())
    let weights = plain.initialWeights(role: .test, seed: 77, index: 0)
    let problem = InnerProblem(
      task: plain.task, template: plain.template, specification: plain.specification,
      rates: plain.rates.specification, givenWeights: weights,
      givenScalars: [Tensor([0.5], shape: [])])
    #expect(problem.scalars.map(\.scalar) == [0.5])
    #expect(problem.training(for: 3).scalars.map(\.scalar) == [0.5])
    #expect(problem.training(for: 3).givenWeights != nil)
    let specification = OuterSpecification(
      steps: 2, learning: .hypergradients([.rates, .initialWeights, .optimizerScalars]), tasks: 2,
      initialWeights: .given(source: "elsewhere"))
    var loop = try loop(problem, specification)
    #expect(bits(loop.state.learned.initialWeights) == bits(weights))
    let scalars = problem.hyperparameters(loop.state.learned).scalars
    #expect(scalars.count == 1 && scalars.allSatisfy { abs($0.scalar - 0.5) < 1e-15 })
    _ = try loop.step()
    #expect(bits(loop.state.learned.initialWeights) != bits(weights))
    // They are shared even where they are not learned.
    var fixed = specification
    fixed.learning = .hypergradients([.rates])
    let learned = try self.loop(problem, fixed).state.learned
    #expect(bits(learned.initialWeights) == bits(weights) && learned.scalars.isEmpty)
  }

  @Test func impossibleInitialRatesAreErrors() {
    let negative = smallProblem(
      SGD(), rates: rateSpecification(.parameter, .constant, .log, -0.1))
    #expect(throws: RateError.self) { try loop(negative, OuterSpecification()) }
    let beyond = smallProblem(
      SGD(),
      rates: rateSpecification(.parameter, .constant, .sigmoid(maximum: 0.5), 0.7))
    #expect(throws: RateError.self) { try loop(beyond, OuterSpecification()) }
    for factor in [0, -1, Double.nan, .infinity] {
      var rates = rateSpecification(.layerFactor(index: .layer))
      rates.initial = LayerFactorRates(base: 0.1, factor: factor)
      let layout = smallProblem(SGD(), rates: rates).rates
      #expect(throws: RateError.self) { try layout.initialRates() }
    }
  }

  /// Runs of different roles share no data, weights or rows that they must not share.
  @Test func rolesAreSeparate() {
    let problem = smallProblem(SGD(), rates: rateSpecification())
    let division = problem.task.division
    #expect(Set(division.pool).isDisjoint(with: division.test))
    #expect(
      division.pool.count == 30 && division.test.count == 10 && division.validationCount == 10)
    func rows(_ tensor: Tensor) -> Set<Int32> { Set(tensor.doubles.map { Int32($0) }) }
    let batches = EpisodeRole.allCases.map {
      problem.batch(role: $0, seed: 1, indices: 0..<2)
    }
    #expect(Set(batches.map { $0.start.tensors[0].doubles }).count == 3)
    #expect(Set(batches.map { $0.episode.steps[0].doubles }).count == 3)
    for (role, batch) in zip(EpisodeRole.allCases, batches) {
      for run in 0..<2 {
        let episode = batch.episode.mapTensors { $0[run] }
        let (trained, judged) = (rows(episode.steps[0]), rows(episode.evaluation[0]))
        #expect(trained.isSubset(of: division.pool) && trained.isDisjoint(with: judged))
        #expect(role == .test ? judged == Set(division.test) : judged.isSubset(of: division.pool))
      }
    }
    // Runs of one role differ too.
    let evaluation = batches[0].episode.evaluation[0]
    #expect(rows(evaluation[0]) != rows(evaluation[1]))
  }
}

@Suite struct RateLayoutTests {
  @Test(arguments: [Parameterization.direct, .log, .softplus, .sigmoid(maximum: 2)])
  func unconstrainedAndEffectiveAreInverse(_ parameterization: Parameterization) throws {
    for rate in [1e-6, 0.01, 0.3, 1.5] {
      let unconstrained = try #require(parameterization.unconstrained(rate))
      let effective = parameterization.effective(Tensor([unconstrained])).doubles[0]
      #expect(abs(effective - rate) < 1e-12 * rate + 1e-16)
    }
  }

  /// base · factor^index, both readings of the index.
  @Test func layerFactors() throws {
    for (index, exponents) in [(LayerIndex.layer, [0, 0, 1, 1]), (.tensor, [0, 1, 2, 3])] {
      var rates = rateSpecification(.layerFactor(index: index), .constant, .direct)
      rates.initial = LayerFactorRates(base: 0.5, factor: 0.5)
      let layout = smallProblem(SGD(), rates: rates).rates
      let expanded = layout.expanded(try layout.initialRates())
      for (tensor, exponent) in zip(expanded, exponents) {
        let expected = 0.5 * (0..<exponent).reduce(1.0) { product, _ in product * 0.5 }
        #expect(tensor.doubles.allSatisfy { abs($0 - expected) < 1e-15 })
      }
      // The same rates, one per parameter.
      if index == .layer {
        var fine = rates
        fine.granularity = .parameter
        let same = smallProblem(SGD(), rates: fine).rates
        #expect(difference(same.expanded(try same.initialRates()), expanded) < 1e-15)
      }
    }
  }

  @Test func rowsOfTime() throws {
    let window = smallProblem(
      SGD(), rates: rateSpecification(.layer, .window(3)), steps: 7
    ).rates
    #expect(window.timeRows == 3 && rows(window, 9) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    // Beyond the learned horizon the last rate holds.
    let step = smallProblem(
      SGD(), rates: rateSpecification(.layer, .step), steps: 3
    ).rates
    #expect(rows(step, 5) == [0, 1, 2, 2, 2])
    // Knots stretch: the first step is at the first of them, the last at the last.
    let knots = smallProblem(
      SGD(), rates: rateSpecification(.layer, .knots(3)), steps: 3
    ).rates
    #expect(rows(knots, 5) == [0, 0.5, 1, 1.5, 2] && rows(knots, 1) == [0])
    #expect(step.names.map(\.description) == ["000_dense", "001_dense"])
  }

  /// The row of each step of a run of a length, where unconstrained numbers are the numbers of rows.
  private func rows(_ layout: RateLayout, _ length: Int) -> [Double] {
    let numbers = layout.types.map { type in
      Tensor((0..<type.shape[0]).map(Double.init), type)
    }
    return (0..<length).map { layout.unconstrained(numbers, at: $0, of: length)[0].doubles[0] }
  }
}

/// Runs that go on, horizons that change, scalars, frozen steps, patience.
@Suite struct OuterSchedulingTests {
  /// Windows of runs that go on train the same weights as one long run at the same rates.
  @Test func carriedWindowsAreOneRun() throws {
    for optimizer in [Momentum(), Adam()] as [any Optimizer] {
      let problem = smallProblem(
        optimizer, rates: rateSpecification(), steps: 4,
        schedule: CosineSchedule(final: 0.2))
      // Nothing is learned while rates are frozen.
      let specification = OuterSpecification(
        steps: 6, tasks: 2, cadence: .carried(windows: 3), frozenSteps: 6,
        validation: ValidationSpecification(every: 0))
      var loop = try OuterLoop(problem, specification: specification, seed: 5)
      for _ in 0..<3 { _ = try loop.step() }
      let whole = problem.training(for: 12)
      let batch = whole.batch(role: .training, seed: 5, indices: 0..<2)
      let expected = EvaluationFunction(whole, like: batch)(
        batch, at: try problem.initialPoint(for: batch)
      ).state
      #expect(difference(try #require(loop.state.inner), expected) < 1e-13)
      // The next window begins with other runs.
      _ = try loop.step()
      let next = problem.batch(role: .training, seed: 5, indices: 2..<4)
      let inner = try #require(loop.state.inner)
      #expect(inner.weights[0].shape == next.start.tensors[0].shape)
      #expect(difference(inner, expected) > 1e-3)
    }
  }

  /// The hypergradient of a window treats the state that it starts from as given.
  @Test func carriedWindowsLearnAndContinue() throws {
    let problem = smallProblem(
      Momentum(), rates: rateSpecification(.parameter, .constant, .log),
      steps: 5, objective: .training)
    let specification = OuterSpecification(
      rate: 0.05, steps: 8, learning: .hypergradients([.rates, .optimizerScalars]), tasks: 2,
      cadence: .carried(windows: nil))
    var whole = try OuterLoop(problem, specification: specification, seed: 9)
    for _ in 0..<4 { _ = try whole.step() }
    var resumed = try OuterLoop(problem, specification: specification, seed: 9)
    resumed.resume(whole.state)
    for _ in 0..<4 {
      _ = try whole.step()
      _ = try resumed.step()
    }
    #expect(bits(whole.state) == bits(resumed.state))
    #expect(bits(whole.initial.scalars) != bits(whole.state.learned.scalars))
    #expect(whole.isFinished)
  }

  /// Momentum that is far too low is learned upwards, in the unit interval.
  @Test func scalarsAreLearned() throws {
    let problem = smallProblem(
      Momentum(momentum: 0.05),
      rates: rateSpecification(.global, .constant, .log, 0.02), steps: 15,
      transformations: [GlobalNormClip(limit: 0.3)])
    let specification = OuterSpecification(
      rate: 0.2, steps: 25, learning: .hypergradients([.optimizerScalars]), tasks: 4)
    var loop = try OuterLoop(problem, specification: specification, seed: 3)
    let before = loop.validate(loop.state).objective
    while !loop.isFinished { _ = try loop.step() }
    let scalars = problem.hyperparameters(loop.state.learned).scalars.map(\.scalar)
    #expect(scalars[0] > 0.3 && scalars[0] < 1)
    #expect(problem.step.scalars.names == ["momentum", "clip_limit"])
    #expect(scalars[1] > 0.3)
    #expect(loop.validate(loop.state).objective < before)
  }

  @Test func scalarsAtTheEdgeAreErrors() {
    let problem = smallProblem(
      Momentum(momentum: 0), rates: rateSpecification())
    #expect(
      throws: RateError.impossibleScalar(name: "momentum", value: 0, range: .unitInterval)
    ) {
      try OuterLoop(
        problem, specification: OuterSpecification(learning: .hypergradients([.optimizerScalars])),
        seed: 1)
    }
  }

  @Test func horizons() throws {
    let growing = Horizon.growing(from: 3, every: 2)
    #expect(
      (0..<9).map { growing.steps(at: $0, of: 20, seed: 1) } == [3, 3, 6, 6, 12, 12, 20, 20, 20])
    let random = (0..<60).map { Horizon.random(lowest: 5).steps(at: $0, of: 40, seed: 1) }
    #expect(Set(random) == [40, 20, 10, 5])
    // Each outer step trains as long as its horizon says.
    let problem = smallProblem(
      SGD(), rates: rateSpecification(.layer, .step), steps: 8)
    let specification = OuterSpecification(
      steps: 3, tasks: 2, horizon: .growing(from: 2, every: 1),
      validation: ValidationSpecification(every: 0))
    var loop = try OuterLoop(problem, specification: specification, seed: 1)
    var trained: [Int] = []
    while !loop.isFinished {
      let before = loop.state.learned.rates
      let report = try loop.step()
      trained.append(report.innerSteps)
      // Rates of steps that no run has come to stay what they are.
      let (old, new) = (before[0].doubles, loop.state.learned.rates[0].doubles)
      #expect(old[..<report.innerSteps] != new[..<report.innerSteps])
      #expect(old[report.innerSteps...] == new[report.innerSteps...])
    }
    #expect(trained == [2, 4, 8])
  }

  @Test func frozenRatesStayWhileWeightsAreLearned() throws {
    let problem = smallProblem(SGD(), rates: rateSpecification())
    let specification = OuterSpecification(
      steps: 4, learning: .hypergradients([.rates, .initialWeights]), tasks: 2, frozenSteps: 2)
    var loop = try OuterLoop(problem, specification: specification, seed: 1)
    let start = loop.state.learned
    for _ in 0..<2 { _ = try loop.step() }
    #expect(bits(loop.state.learned.rates) == bits(start.rates))
    #expect(bits(loop.state.learned.initialWeights) != bits(start.initialWeights))
    _ = try loop.step()
    #expect(bits(loop.state.learned.rates) != bits(start.rates))
  }

  /// With an outer rate that only makes things worse, learning ends after the granted checks.
  @Test func patienceEndsLearning() throws {
    let problem = smallProblem(
      SGD(), rates: rateSpecification(.global, .constant, .log, 0.5))
    let specification = OuterSpecification(
      optimizer: Adam(), rate: 3, steps: 50, tasks: 2, patience: 3,
      validation: ValidationSpecification(every: 2, tasks: 2))
    var loop = try OuterLoop(problem, specification: specification, seed: 1)
    while !loop.isFinished { _ = try loop.step() }
    #expect(loop.state.step < 50)
    #expect(loop.state.step == (loop.state.best?.step ?? 0) + 6)
  }

  /// Rates that adapt inside the runs are adopted, and the moves start again.
  @Test func adaptedRatesAreAdopted() throws {
    for rule in [OnlineSpecification.Rule.additive, .multiplicative] {
      var problem = smallProblem(
        SGD(), rates: rateSpecification(.parameter, .constant, .log, 0.02),
        steps: 20, objective: .training)
      var inner = problem.specification
      inner.online = OnlineSpecification(rule, metaRate: 0.02, floor: 1e-4)
      problem = InnerProblem(
        task: problem.task, template: problem.template, specification: inner,
        rates: problem.rates.specification, objective: .training)
      let specification = OuterSpecification(
        steps: 6, learning: .adaptation, tasks: 2, cadence: .carried(windows: nil))
      var loop = try OuterLoop(problem, specification: specification, seed: 1)
      var objectives: [Double] = []
      while !loop.isFinished {
        objectives.append(try loop.step().objective)
        let moves = try #require(loop.state.inner).adaptation["rate_moves"]
        #expect(moves.count == 4 && moves.allSatisfy { $0.doubles.allSatisfy { $0 == 0 } })
      }
      #expect(objectives.last! < objectives[0])
      let rates = problem.rates.expanded(loop.state.learned.rates).flatMap(\.doubles)
      #expect(rates.allSatisfy { $0 >= 0.99e-4 } && Set(rates).count > 20)
    }
  }
}

/// Rates from elsewhere, as a user's own kind of initial rates.
private struct GivenRates: InitialRates {
  var effective: [Tensor]

  static let word = "given"
  static let schema = Schema<Self>("rates from elsewhere")

  func unconstrained(_ start: RateStart) throws -> [Tensor] {
    try start.layout.unconstrained(givingEffective: effective)
  }

  func conflict(with rates: RateSpecification, layers: Int?) -> Conflict? { nil }
}

@Suite struct InitialRateTests {
  /// Rates in inverse proportion to gradients, with the given median, within a hundred times it.
  @Test(arguments: [Granularity.parameter, .outputUnit, .tensor, .layer])
  func gradientMagnitudes(_ granularity: Granularity) throws {
    var rates = rateSpecification(granularity, .constant, .log)
    rates.initial = GradientMagnitudeRates(median: 0.2, batches: 3)
    let problem = smallProblem(SGD(), rates: rates)
    let unconstrained = try problem.initialRates(seed: 4)
    let effective = problem.rates.expanded(unconstrained).flatMap(\.doubles).sorted()
    #expect(abs(effective[effective.count / 2] - 0.2) < 1e-9)
    #expect(effective.first! >= 0.00199 && effective.last! <= 20.01)
    #expect(Set(effective.map { Float($0) }).count > 1)
    // The same seed gives the same rates.
    #expect(bits(unconstrained) == bits(try problem.initialRates(seed: 4)))
    #expect(bits(unconstrained) != bits(try problem.initialRates(seed: 5)))
  }

  /// gᵀg / gᵀHg of each tensor, where gradients and the diagonal Hessian are known.
  @Test func curvatures() throws {
    var rates = rateSpecification(.tensor, .constant, .log)
    rates.initial = CurvatureRates(scale: 0.5, batches: 3)
    let problem = SeparableTask.problem(SGD(), rates: rates)
    let found = problem.rates.effective(try problem.initialRates(seed: 4)).map(\.scalar)

    let task = problem.task
    let episode = task.episode(
      EpisodeRequest(
        role: .training, steps: 3, batch: problem.specification.batch,
        stream: RandomStream(seed: 4, purpose: "gradient magnitude data")))
    var stream = RandomStream(seed: 4, purpose: "gradient magnitude weights")
    let weights = task.initialParameters(from: &stream).tensors
    for (tensor, rate) in found.enumerated() {
      var (square, curvature) = (0.0, 0.0)
      for batch in 0..<3 {
        let targets = episode.steps[tensor][batch].doubles
        for (index, weight) in weights[tensor].doubles.enumerated() {
          let height = task.dataset[tensor].doubles[index]
          let slope =
            height * (weight - targets[index])
            + SeparableTask.quartic * weight * weight * weight
          square += slope * slope
          curvature += slope * slope * (height + 3 * SeparableTask.quartic * weight * weight)
        }
      }
      #expect(abs(rate / (0.5 * square / curvature) - 1) < 1e-12)
    }
    #expect(Set(found).count == 3)

    // Parameters that share a rate across tensors have the geometric mean of theirs.
    rates.granularity = .global
    let shared = SeparableTask.problem(SGD(), rates: rates)
    let counts = weights.map { Double($0.shape.count) }
    let mean = zip(found, counts).map { log($0) * $1 }.reduce(0, +) / counts.reduce(0, +)
    let global = shared.rates.effective(try shared.initialRates(seed: 4))[0].scalar
    #expect(abs(global / exp(mean) - 1) < 1e-12)
  }

  /// A tensor without curvature above 0 has the others' geometric mean; none at all is an error.
  @Test func noCurvature() throws {
    let layout = smallProblem(SGD(), rates: rateSpecification(.tensor, .constant, .log)).rates
    func rates(_ curvatures: [(square: Double, curvature: Double)]) throws -> [Double] {
      layout.effective(
        try CurvatureRates(scale: 1, batches: 1).unconstrained(
          RateStart(
            layout: layout, gradientMeanSquares: { _ in [] },
            gradientCurvatures: { _ in curvatures }))
      ).map(\.scalar)
    }
    let found = try rates([(4, 2), (1, -1), (8, 1), (0, 0)])
    for (rate, expected) in zip(found, [2.0, 4, 8, 4]) { #expect(abs(rate - expected) < 1e-12) }
    #expect(throws: RateError.self) { try rates([(1, -1), (1, 0), (0, 0), (1, -2)]) }
  }

  /// Given rates come back, from constant to every row and from rows to rows.
  @Test func givenRates() throws {
    let fine = smallProblem(
      SGD(), rates: rateSpecification(.outputUnit, .step, .log), steps: 3)
    let unconstrained = fine.rates.types.map { type in
      Tensor((0..<type.shape.count).map { -1 - 0.1 * Double($0) }, type)
    }
    let effective = fine.rates.expanded(unconstrained)
    func start(_ granularity: Granularity, _ time: RateTime) throws -> [Tensor] {
      var rates = rateSpecification(granularity, time, .softplus)
      rates.initial = GivenRates(effective: effective)
      let problem = smallProblem(SGD(), rates: rates, steps: 5)
      return problem.rates.expanded(try problem.initialRates(seed: 4))
    }
    // Steps beyond the given ones have the last one's rates.
    for (found, given) in zip(try start(.parameter, .step), effective) {
      #expect(found.shape[0] == 5)
      for row in 0..<5 {
        #expect(difference([found[row]], [given[min(row, 2)]]) < 1e-12)
      }
    }
    #expect(throws: Never.self) { try start(.outputUnit, .step) }
    // One rate per layer cannot say what rows say, nor a constant rate what steps say.
    #expect(throws: RateError.self) { try start(.layer, .step) }
    #expect(throws: RateError.self) { try start(.parameter, .constant) }
  }
}
