import MetaLearning
import TensorPrograms
import Testing

@Suite struct OuterLoopTests {
  private func loop(
    _ problem: InnerProblem<SupervisedTask>, _ specification: OuterSpecification,
    from state: OuterState? = nil
  ) throws -> OuterLoop<SupervisedTask> {
    try OuterLoop(problem, specification: specification, seed: 9, resuming: state)
  }

  @Test func learningRatesLowersTheValidationObjective() throws {
    let problem = smallProblem(
      OptimizerSpecification(.sgd), rates: rateSpecification(.parameter, .constant, .log, 0.02),
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
      OptimizerSpecification(.momentum), rates: rateSpecification(.row, .constant, .log))
    for learn in [[LearnTarget.rates], [.initialWeights], [.rates, .initialWeights]] {
      let specification = OuterSpecification(steps: 6, learn: learn, tasks: 3)
      var whole = try loop(problem, specification)
      for _ in 0..<3 { _ = try whole.step() }
      var resumed = try loop(problem, specification, from: whole.state)
      for _ in 0..<3 {
        let (first, second) = (try whole.step(), try resumed.step())
        #expect(first.objective == second.objective)
      }
      let (a, b) = (whole.state, resumed.state)
      #expect(
        (a.raw + a.initial + a.optimizer.tensors).map(\.doubles)
          == (b.raw + b.initial + b.optimizer.tensors).map(\.doubles))
      let start = try loop(problem, specification).state
      #expect((start.raw.map(\.doubles) != a.raw.map(\.doubles)) == learn.contains(.rates))
      #expect(
        (start.initial.map(\.doubles) != a.initial.map(\.doubles))
          == learn.contains(.initialWeights))
    }
  }

  /// What overflows stops the loop, names its place, and leaves the state alone.
  @Test func nonFiniteNumbersStopTheLoop() throws {
    let problem = smallProblem(
      OptimizerSpecification(.sgd),
      rates: rateSpecification(.parameter, .constant, .direct, 1.7e308))
    var loop = try loop(problem, OuterSpecification(steps: 5, tasks: 2))
    let before = loop.state
    let error = #expect(throws: NonFiniteError.self) { try loop.step() }
    #expect(error?.step == 1)
    #expect(error?.place.hasPrefix("the objective of run 0") == true)
    #expect(loop.state.step == before.step)
    #expect(loop.state.raw.map(\.doubles) == before.raw.map(\.doubles))
  }

  @Test func impossibleInitialRatesAreErrors() {
    let negative = smallProblem(
      OptimizerSpecification(.sgd), rates: rateSpecification(.parameter, .constant, .log, -0.1))
    #expect(throws: RateError.self) { try loop(negative, OuterSpecification()) }
    let beyond = smallProblem(
      OptimizerSpecification(.sgd),
      rates: rateSpecification(.parameter, .constant, .sigmoid(maximum: 0.5), 0.7))
    #expect(throws: RateError.self) { try loop(beyond, OuterSpecification()) }
    for factor in [0, -1, Double.nan, .infinity] {
      var rates = rateSpecification(.layerFactor(index: .layer))
      rates.initial = .layerFactor(base: 0.1, factor: factor)
      let layout = smallProblem(OptimizerSpecification(.sgd), rates: rates).rates
      #expect(throws: RateError.self) { try layout.initialRaw() }
    }
  }

  /// Runs of different roles share no data, weights or rows that they must not share.
  @Test func rolesAreSeparate() {
    let problem = smallProblem(OptimizerSpecification(.sgd), rates: rateSpecification())
    let task = problem.task
    #expect(Set(task.pool).isDisjoint(with: task.test))
    #expect(task.pool.count == 30 && task.test.count == 10 && task.validationCount == 10)
    func rows(_ tensor: Tensor) -> Set<Int32> { Set(tensor.doubles.map { Int32($0) }) }
    let batches = EpisodeRole.allCases.map {
      problem.batch(role: $0, seed: 1, indices: 0..<2)
    }
    #expect(Set(batches.map { $0.initial[0].doubles }).count == 3)
    #expect(Set(batches.map { $0.steps[0].doubles }).count == 3)
    for (role, batch) in zip(EpisodeRole.allCases, batches) {
      for run in 0..<2 {
        let (trained, judged) = (rows(batch.steps[0][run]), rows(batch.evaluation[0][run]))
        #expect(trained.isSubset(of: task.pool) && trained.isDisjoint(with: judged))
        #expect(role == .test ? judged == Set(task.test) : judged.isSubset(of: task.pool))
      }
    }
    // Runs of one role differ too.
    #expect(rows(batches[0].evaluation[0][0]) != rows(batches[0].evaluation[0][1]))
  }
}

@Suite struct RateLayoutTests {
  @Test(arguments: [Parameterization.direct, .log, .softplus, .sigmoid(maximum: 2)])
  func rawAndEffectiveAreInverse(_ parameterization: Parameterization) throws {
    for rate in [1e-6, 0.01, 0.3, 1.5] {
      let raw = try #require(parameterization.raw(rate))
      let effective = parameterization.effective(Tensor([raw])).doubles[0]
      #expect(abs(effective - rate) < 1e-12 * rate + 1e-16)
    }
  }

  /// base · factor^index, both readings of the index.
  @Test func layerFactors() throws {
    for (index, exponents) in [(LayerIndex.layer, [0, 0, 1, 1]), (.tensor, [0, 1, 2, 3])] {
      var rates = rateSpecification(.layerFactor(index: index), .constant, .direct)
      rates.initial = .layerFactor(base: 0.5, factor: 0.5)
      let layout = smallProblem(OptimizerSpecification(.sgd), rates: rates).rates
      let expanded = layout.expanded(try layout.initialRaw())
      for (tensor, exponent) in zip(expanded, exponents) {
        let expected = 0.5 * (0..<exponent).reduce(1.0) { product, _ in product * 0.5 }
        #expect(tensor.doubles.allSatisfy { abs($0 - expected) < 1e-15 })
      }
      // The same rates, one a parameter.
      if index == .layer {
        var fine = rates
        fine.granularity = .parameter
        let same = smallProblem(OptimizerSpecification(.sgd), rates: fine).rates
        #expect(difference(same.expanded(try same.initialRaw()), expanded) < 1e-15)
      }
    }
  }

  @Test func rowsOfTime() throws {
    let window = smallProblem(
      OptimizerSpecification(.sgd), rates: rateSpecification(.layer, .window(3)), steps: 7
    ).rates
    #expect(window.timeRows == 3 && window.rowOfStep(9) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    // Beyond the learned horizon the last rate holds.
    let step = smallProblem(
      OptimizerSpecification(.sgd), rates: rateSpecification(.layer, .step), steps: 3
    ).rates
    #expect(step.rowOfStep(5) == [0, 1, 2, 2, 2])
    #expect(step.names.map(\.description) == ["000_dense", "001_dense"])
  }
}
