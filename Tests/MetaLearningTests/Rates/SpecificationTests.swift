import Foundation
import MetaLearning
import TensorPrograms
import Testing

@Suite struct ParameterizationTests {
  /// Rates that each parameterization can express, from far below to far above the usual ones.
  static let expressible: [(Parameterization, [Double])] = [
    (.direct, [-3, -1e-8, 0, 0.1, 700, 1e6]),
    (.log, [1e-12, 0.1, 1, 1e6]),
    (.softplus, [1e-12, 0.1, 1, 30, 700, 1e6]),
    (.sigmoid(maximum: 2), [1e-12, 0.1, 1, 1.999]),
  ]

  @Test(arguments: expressible)
  func effectiveIsTheInverse(_ parameterization: Parameterization, _ rates: [Double]) throws {
    for rate in rates {
      let unconstrained = try #require(
        parameterization.unconstrained(rate), "\(parameterization) cannot say \(rate)")
      let back = parameterization.effective(Tensor([unconstrained], TensorType([1], .float64)))
        .doubles[0]
      #expect(abs(back - rate) <= 1e-12 * abs(rate), "\(parameterization): \(rate) became \(back)")
    }
  }

  /// The unconstrained values of half the maximum and the like are known in closed form.
  @Test func unconstrainedValuesHaveTheirClosedForms() throws {
    #expect(Parameterization.direct.unconstrained(-0.25) == -0.25)
    #expect(Parameterization.log.unconstrained(1) == 0)
    #expect(try abs(#require(Parameterization.softplus.unconstrained(log(2)))) < 1e-15)
    #expect(Parameterization.sigmoid(maximum: 3).unconstrained(1.5) == 0)
  }

  /// Rates outside the range, on its edge, and such as are no numbers.
  static let impossible: [(Parameterization, [Double])] = [
    (.direct, [.infinity, .nan]),
    (.log, [0, -0.1, -.infinity, .infinity, .nan]),
    (.softplus, [0, -0.1, -.infinity, .infinity, .nan]),
    (.sigmoid(maximum: 2), [0, -0.1, 2, 2.5, .infinity, .nan]),
  ]

  @Test(arguments: impossible)
  func nothingIsOutsideTheRange(_ parameterization: Parameterization, _ rates: [Double]) {
    for rate in rates {
      #expect(parameterization.unconstrained(rate) == nil, "\(parameterization) took \(rate)")
    }
  }
}

@Suite struct ScheduleTests {
  /// The formula of the oracles: f + (1 − f)(1 + cos(πt/T))/2, t from 0.
  @Test(arguments: [0, 0.1, 0.5, 1])
  func cosineFallsFromOneTowardsItsFinalValue(_ final: Double) {
    let schedule = CosineSchedule(final: final)
    let total = 40
    let values = (0..<total).map { schedule.multiplier(at: $0, of: total) }
    #expect(values[0] == 1)
    #expect(abs(values[total / 2] - (1 + final) / 2) < 1e-15)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
    // The last step is one short of T, so that f itself is only reached where the run has ended.
    #expect(values[total - 1] > final || final == 1)
    #expect(abs(schedule.multiplier(at: total, of: total) - final) < 1e-15)
  }

  @Test func constantIsOneAndSoIsCosineOfASingleStep() {
    #expect((0..<5).allSatisfy { ConstantSchedule().multiplier(at: $0, of: 5) == 1 })
    #expect(CosineSchedule(final: 0.1).multiplier(at: 0, of: 1) == 1)
  }
}

@Suite struct OptimizerSpecificationTests {
  /// The names that the oracles store scalars and their hypergradients under.
  /// Values all differ, so that an exchanged pair is found.
  static let named: [(any Optimizer, [String])] = [
    (SGD(), []), (Momentum(momentum: 0.81), ["momentum"]),
    (Nesterov(momentum: 0.81), ["momentum"]), (RMSprop(decay: 0.82), ["decay"]),
    (Adam(beta1: 0.83, beta2: 0.84), ["beta1", "beta2"]),
    (AdamW(beta1: 0.83, beta2: 0.84, weightDecay: 0.85), ["beta1", "beta2", "weight_decay"]),
    (LAMB(beta1: 0.83, beta2: 0.84, weightDecay: 0.85), ["beta1", "beta2", "weight_decay"]),
  ]

  @Test(arguments: named)
  func scalarsHaveTheOraclesNamesAndTheirOwnValues(
    _ optimizer: any Optimizer, _ names: [String]
  ) {
    let values = [
      "momentum": 0.81, "decay": 0.82, "beta1": 0.83, "beta2": 0.84, "weight_decay": 0.85,
    ]
    #expect(optimizer.scalars.map(\.name) == names)
    #expect(optimizer.scalars.map(\.value) == optimizer.scalars.map { values[$0.name] })
  }

  @Test func unsaidNumbersAreTheUsualOnes() throws {
    let adam = AdamW()
    #expect(adam.scalars.map(\.value) == [0.9, 0.999, 0.01])
    #expect(RMSprop().scalars.map(\.value) == [0.9])
    #expect(Momentum().scalars.map(\.value) == [0.9])
    #expect(adam.epsilon == 1e-8)
    #expect(adam.epsilonRoot == 1e-8)
    // The optimizer's role decides: outer gradients are often too small for a guard under the root.
    #expect(adam.forOuterLoop.epsilonRoot == 0 && adam.forOuterLoop.epsilon == 1e-8)
    let outer = try #require(OuterSpecification(optimizer: adam).optimizer as? AdamW)
    #expect(outer.epsilonRoot == 0)
  }
}

/// Laws that tie the unconstrained tensors of all granularities, times and parameterizations
/// together.
@Suite struct RateSpecificationTests {
  static let granularities: [Granularity] = [
    .global, .layerFactor(index: .tensor), .layerFactor(index: .layer), .layer, .tensor,
    .inputUnit, .outputUnit, .orbit(), .parameter,
  ]
  static let times: [RateTime] = [.constant, .window(3), .step, .knots(4)]

  /// Two dense layers, 3-4-2: four tensors of 12, 4, 8 and 2 numbers.
  static func layout(_ rates: RateSpecification, steps: Int = 7) -> RateLayout {
    var stream = RandomStream(seed: 1, purpose: "specification tests")
    let model = MultilayerPerceptron(
      layers: [
        Dense(inputs: 3, outputs: 4, from: &stream, .float64),
        Dense(inputs: 4, outputs: 2, from: &stream, .float64),
      ], activation: .tanh)
    return RateLayout(rates, parameters: ParameterLayout(model), steps: steps)
  }

  /// How many rates each granularity has at one step of the 3-4-2 network.
  private func count(_ granularity: Granularity) -> Int {
    switch granularity {
    case .global: 1
    case .layerFactor, .layer: 2
    case .tensor: 4
    case .inputUnit: 3 + 1 + 4 + 1
    case .outputUnit: 4 + 4 + 2 + 2
    // No weights are drawn anew.
    case .orbit, .parameter: 12 + 4 + 8 + 2
    }
  }

  @Test(arguments: granularities, times)
  func countsAreThoseOfTheGranularityTimesTheWindows(_ granularity: Granularity, _ time: RateTime) {
    let layout = Self.layout(RateSpecification(granularity: granularity, time: time))
    let rows =
      switch time {
      case .constant: 1
      case .window: 3
      case .step: 7
      case .knots: 4
      }
    #expect(layout.count == count(granularity) * rows)
    #expect(layout.names.count == layout.types.count)
  }

  /// Whatever the granularity, a uniform initial rate is that rate for every single parameter.
  @Test(arguments: granularities, times)
  func uniformIsUniform(_ granularity: Granularity, _ time: RateTime) throws {
    for parameterization in [Parameterization.direct, .log, .softplus, .sigmoid(maximum: 1)] {
      let layout = Self.layout(
        RateSpecification(
          granularity: granularity, time: time, parameterization: parameterization,
          initial: UniformRates(rate: 0.3)))
      let rates = layout.expanded(try layout.initialRates())
      #expect(rates.flatMap(\.doubles).allSatisfy { abs($0 - 0.3) < 1e-14 })
      #expect(rates.map { $0.shape.count / (layout.timeRows ?? 1) } == [12, 4, 8, 2])
    }
  }

  /// base·factor^index is the same rates from a layer factor as from any finer granularity.
  @Test(arguments: [
    Granularity.layerFactor(index: .layer), .layer, .tensor, .outputUnit, .parameter,
  ])
  func layerFactorsAgreeAcrossGranularities(_ granularity: Granularity) throws {
    let layout = Self.layout(
      RateSpecification(
        granularity: granularity, initial: LayerFactorRates(base: 0.2, factor: 0.5)))
    let rates = layout.expanded(try layout.initialRates()).map(\.doubles)
    for (found, expected) in zip(rates, [0.2, 0.2, 0.1, 0.1]) {
      #expect(found.allSatisfy { abs($0 - expected) < 1e-15 })
    }
  }

  @Test(arguments: granularities)
  func impossibleInitialRatesAreRefused(_ granularity: Granularity) {
    let negative = Self.layout(
      RateSpecification(
        granularity: granularity, parameterization: .log, initial: UniformRates(rate: -0.1)))
    #expect(throws: RateError.impossibleInitial(rate: -0.1, parameterization: .log)) {
      try negative.initialRates()
    }
    let aboveMaximum = Self.layout(
      RateSpecification(
        granularity: granularity, parameterization: .sigmoid(maximum: 0.2),
        initial: LayerFactorRates(base: 0.3, factor: 1)))
    #expect(
      throws: RateError.impossibleInitial(
        rate: 0.3, parameterization: .sigmoid(maximum: 0.2))
    ) {
      try aboveMaximum.initialRates()
    }
  }
}
