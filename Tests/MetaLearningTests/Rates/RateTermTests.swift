import Foundation
import MetaLearning
import TensorPrograms
import Testing

/// Rates of several terms: what they are, what they are not, and what the outer update does to
/// them.
@Suite("Terms of rates") struct RateTermTests {
  /// Every granularity and time that an offset may have, on a base that none of them can replace.
  static let offsets: [RateOffset] = [
    RateOffset(granularity: .inputUnit),
    RateOffset(granularity: .orbit(), time: .knots(3), decay: 0.1),
    RateOffset(granularity: .outputUnit, time: .window(3), decay: 0.1),
    RateOffset(granularity: .parameter, time: .step, decay: 0.1),
    RateOffset(granularity: .layer, time: .step, decay: 0.1),
  ]

  private func specification(
    _ base: Granularity, _ offsets: [RateOffset]
  ) -> RateSpecification { specification(base, .log, offsets) }

  private func specification(
    _ base: Granularity, _ parameterization: Parameterization, _ offsets: [RateOffset]
  ) -> RateSpecification {
    var rates = rateSpecification(base, .constant, parameterization, 0.05)
    rates.offsets = offsets
    return rates
  }

  /// Unconstrained numbers around those of the initial rates.
  private func moved(_ layout: RateLayout, seed: UInt64 = 7) throws -> [Tensor] {
    var stream = RandomStream(seed: seed, purpose: "moved rates")
    let base = try layout.base.initialRates()
    let start = base + layout.types.dropFirst(base.count).map { Tensor.zeros($0) }
    return start.map { rates in
      rates + Tensor(rates.doubles.map { _ in 0.1 * stream.normal() }, rates.type)
    }
  }

  @Test("an effective rate is the parameterization of the sum of what its parameter and step read")
  func sums() throws {
    let problem = smallProblem(SGD(), rates: specification(.tensor, .softplus, Self.offsets))
    let layout = problem.rates
    #expect(layout.timeRows == 7)
    #expect(layout.names.map(\.description).filter { $0.hasPrefix("offset_4/") }.count == 4)
    let numbers = try moved(layout)
    let named = Dictionary(uniqueKeysWithValues: zip(layout.names.map(\.description), numbers))
    let found = layout.expanded(numbers)
    let weight = found[0].doubles
    // The first weight, [5, 6], of which orbits are rows: only hidden units are exchanged.
    func row(_ name: String, _ row: Int) -> [Double] {
      let tensor = named[name]!
      let width = tensor.shape.dropFirst.count
      return Array(tensor.doubles[row * width..<(row + 1) * width])
    }
    for (step, input, output) in [(0, 0, 0), (2, 4, 5), (6, 3, 1)] {
      let place = Double(step) / 6 * 2
      let below = min(Int(place), 1)
      let knots = [0, 1].map { row("offset_2/000_dense/weight", below + $0)[input] }
      let sum =
        named["000_dense/weight"]!.doubles[0]
        + named["offset_1/000_dense/weight"]!.doubles[input]
        + (Double(below + 1) - place) * knots[0] + (place - Double(below)) * knots[1]
        + row("offset_3/000_dense/weight", step / 3)[output]
        + row("offset_4/000_dense/weight", step)[input * 6 + output]
        + row("offset_5/000_dense", step)[0]
      let rate = weight[(step * 5 + input) * 6 + output]
      #expect(abs(rate - log1p(exp(sum))) < 1e-14)
    }
  }

  @Test("an offset of zeros changes no bit of any run")
  func zerosAreNothing() throws {
    for parameterization in [Parameterization.direct, .log, .softplus] {
      let base = smallProblem(Momentum(), rates: specification(.tensor, parameterization, []))
      let terms = smallProblem(
        Momentum(), rates: specification(.tensor, parameterization, Self.offsets))
      let batch = base.batch(role: .training, seed: 1, indices: 0..<3)
      let rates = try moved(base.rates)
      let zeros = terms.rates.types.dropFirst(rates.count).map { Tensor.zeros($0) }
      let one = EvaluationFunction(base, like: batch)(batch, at: base.point(rates, for: batch))
      let other = EvaluationFunction(terms, like: batch)(
        batch, at: terms.point(rates + zeros, for: batch))
      #expect(one.objectives == other.objectives)
      #expect(one.state.tensors.map(\.doubles) == other.state.tensors.map(\.doubles))
    }
  }

  static let combinations: [(Granularity, Parameterization, [RateOffset])] = [
    (.tensor, .log, offsets), (.layerFactor(index: .tensor), .log, offsets),
    (.global, .softplus, offsets), (.parameter, .sigmoid(maximum: 1), offsets),
    (.orbit(), .direct, [RateOffset(granularity: .tensor, time: .knots(2), decay: 1)]),
  ]

  @Test("forward and reverse agree, and so do finite differences", arguments: combinations)
  func derivatives(
    _ base: Granularity, _ parameterization: Parameterization, _ offsets: [RateOffset]
  ) throws {
    let problem = smallProblem(
      Adam(), rates: specification(base, parameterization, offsets), steps: 5)
    let batch = problem.batch(role: .training, seed: 1, indices: 0..<2)
    let point = problem.point(try moved(problem.rates), for: batch)
    let reverse = ReverseHypergradient(problem, like: batch)
    let exact = reverse(batch, at: point).gradient.rates
    let forward = ForwardHypergradient(problem, like: batch)(batch, at: point).gradient.rates
    #expect(difference(forward, exact) < 1e-10)

    // Along a direction in all terms at once.
    let direction = try moved(problem.rates, seed: 8)
    let evaluate = EvaluationFunction(problem, like: batch)
    func at(_ h: Double) -> Hyperparameters {
      problem.point(zip(point.rates, direction).map { $0 + h * $1 }, for: batch)
    }
    func slope(_ h: Double) -> Double {
      (evaluate(batch, at: at(h)).objective - evaluate(batch, at: at(-h)).objective) / (2 * h)
    }
    let expected = (4 * slope(1e-5) - slope(2e-5)) / 3
    let found = zip(exact, direction).map { ($0 * $1).sum().scalar }.reduce(0, +)
    #expect(abs(found - expected) < 1e-7 * max(0.1, abs(expected)))
  }

  @Test(
    "second derivatives of effective rates are those of finite differences", arguments: combinations
  )
  func secondDerivatives(
    _ base: Granularity, _ parameterization: Parameterization, _ offsets: [RateOffset]
  ) throws {
    let layout = smallProblem(
      SGD(), rates: specification(base, parameterization, offsets), steps: 5
    ).rates
    let (point, direction) = (try moved(layout), try moved(layout, seed: 8))
    var stream = RandomStream(seed: 9, purpose: "weights of rates")
    let weights = layout.expanded(point).map { rates in
      Tensor(rates.doubles.map { _ in stream.normal() }, rates.type)
    }
    func slope(_ point: [Tensor]) -> [Tensor] {
      gradient(at: point) { point in
        zip(layout.expanded(point), weights).map { ($0 * $0 * $1).sum() }.reduce(
          Tensor([0], TensorType(.scalar, .float64))
        ) { $0 + $1 }
      }
    }
    let exact = jvp(at: point, along: direction) { slope($0) }.tangent
    func at(_ h: Double) -> [Tensor] { slope(zip(point, direction).map { $0 + h * $1 }) }
    let h = 1e-4
    let (near, far) = (zip(at(h), at(-h)), zip(at(2 * h), at(-2 * h)))
    let expected = zip(near, far).map { near, far in
      (8 * (near.0 - near.1) - (far.0 - far.1)) * (1 / (12 * h))
    }
    #expect(difference(exact, expected) < 1e-8)
  }

  // MARK: The outer update

  /// One update of rates by a hypergradient of random numbers.
  private func updated(
    _ rates: RateSpecification, clip: (any GradientTransformation)? = nil
  ) throws -> (before: [Tensor], gradient: [Tensor], after: [Tensor], layout: RateLayout) {
    let problem = smallProblem(SGD(), rates: rates)
    let outer = OuterSpecification(optimizer: SGD(), rate: 0.5, clip: clip)
    let before = try moved(problem.rates)
    let gradient = try moved(problem.rates, seed: 11)
    let learned = Learned(rates: before)
    let update = OuterUpdate(outer, problem, like: learned)
    let after = update(learned, Hyperparameters(rates: gradient), update.initialState, step: 0)
    return (before, gradient, after.learned.rates, problem.rates)
  }

  @Test("speed multiplies an offset's rate, and decay pulls it to 0")
  func speedAndDecay() throws {
    let found = try updated(
      specification(
        .tensor,
        [
          RateOffset(granularity: .inputUnit, speed: 3, decay: 0.2),
          RateOffset(granularity: .parameter, speed: 1, decay: 0.1),
        ]))
    for index in found.before.indices {
      let (speed, decay) = index < 4 ? (1.0, 0.0) : index < 8 ? (3, 0.2) : (1, 0.1)
      let expected =
        found.before[index] - 0.5 * speed * found.gradient[index]
        - 0.5 * speed * decay * found.before[index]
      #expect(difference([found.after[index]], [expected]) < 1e-14)
    }
  }

  @Test("an offset's own clip leaves the rest alone, and the outer clip leaves it alone")
  func clips() throws {
    let found = try updated(
      specification(
        .tensor,
        [
          RateOffset(granularity: .inputUnit, decay: 1e-9),
          RateOffset(granularity: .parameter, clip: GlobalNormClip(limit: 0.01), decay: 1e-9),
        ]), clip: GlobalNormClip(limit: 0.1))
    func step(_ range: Range<Int>) -> Double {
      globalNorm(range.map { found.before[$0] - found.after[$0] }) / 0.5
    }
    #expect(abs(step(8..<12) - 0.01) < 1e-8)
    #expect(abs(step(0..<8) - 0.1) < 1e-8)
  }

  @Test("an offset without decay is centred within what it has in common with the terms before it")
  func centring() throws {
    let found = try updated(
      specification(
        .tensor,
        [
          RateOffset(granularity: .outputUnit),
          RateOffset(granularity: .parameter),
          RateOffset(granularity: .tensor, time: .window(3)),
        ]))
    // The base moves as it would alone.
    for index in 0..<4 {
      let expected = found.before[index] - 0.5 * found.gradient[index]
      #expect(difference([found.after[index]], [expected]) < 1e-14)
    }
    func named(_ name: String) -> Tensor {
      found.after[found.layout.names.firstIndex { "\($0)" == name }!]
    }
    // By output: six numbers of equally many weights.
    #expect(abs(named("offset_1/000_dense/weight").sum().scalar) < 1e-13)
    #expect(named("offset_1/000_dense/weight").doubles.contains { abs($0) > 0.01 })
    // By parameter: no output's weights, nor all of a tensor, have a mean.
    let byOutput = named("offset_2/000_dense/weight").sum(axes: [0]).doubles
    #expect(byOutput.allSatisfy { abs($0) < 1e-13 })
    // A bias has one parameter for each output, of which nothing is left.
    #expect(named("offset_2/000_dense/bias").doubles.allSatisfy { abs($0) < 1e-14 })
    // Windows of seven steps have three, three and one of them.
    let windows = named("offset_3/001_dense/weight").doubles
    #expect(abs(3 * windows[0] + 3 * windows[1] + windows[2]) < 1e-13)
    #expect(windows.contains { abs($0) > 0.01 })
  }

  @Test("beside a layer factor an offset has no mean and no trend over its exponents")
  func trends() throws {
    let found = try updated(
      specification(.layerFactor(index: .tensor), [RateOffset(granularity: .tensor)]))
    let offsets = found.after.suffix(4).map(\.scalar)
    let sizes = [30.0, 6, 18, 3]
    let mean = zip(offsets, sizes).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(mean) < 1e-12)
    let trend = zip(offsets, sizes).enumerated().reduce(0) {
      $0 + Double($1.offset) * $1.element.0 * $1.element.1
    }
    #expect(abs(trend) < 1e-12 && offsets.contains { abs($0) > 1e-3 })
  }

  @Test(
    "an offset that changes nothing which the terms before it cannot change is refused",
    arguments: [
      (.tensor, [RateOffset(granularity: .tensor)]), (.tensor, [RateOffset(granularity: .layer)]),
      (.parameter, [RateOffset(granularity: .orbit())]),
      (.layerFactor(index: .layer), [RateOffset(granularity: .layer)]),
      (
        .global,
        [RateOffset(granularity: .parameter), RateOffset(granularity: .inputUnit)]
      ),
    ] as [(Granularity, [RateOffset])])
  func unidentified(_ base: Granularity, _ offsets: [RateOffset]) {
    func initialRates(_ offsets: [RateOffset]) throws -> [Tensor] {
      try smallProblem(SGD(), rates: specification(base, offsets)).initialRates(seed: 1)
    }
    #expect(throws: RateError.self) { try initialRates(offsets) }
    #expect(throws: Never.self) {
      try initialRates(
        offsets.map { offset in
          var copy = offset
          copy.decay = 0.01
          return copy
        })
    }
  }

  @Test("beside layer factors that change over time, means and trends are those of each row")
  func trendsByRow() throws {
    var rates = specification(
      .layerFactor(index: .tensor), [RateOffset(granularity: .tensor, time: .window(4))])
    rates.time = .window(4)
    let problem = smallProblem(SGD(), rates: rates)
    try problem.rates.requireIdentified()
    let learned = Learned(rates: try moved(problem.rates))
    let outer = OuterSpecification(optimizer: SGD(), rate: 0)
    let update = OuterUpdate(outer, problem, like: learned)
    let after = update(
      learned, Hyperparameters(rates: learned.rates), update.initialState, step: 0
    ).learned.rates
    let offset = problem.rates.tensors(of: 1).map { after[$0].doubles }
    let sizes = problem.parameters.shapes.map { Double($0.count) }
    for row in 0..<2 {
      let exponents = (0..<4).map(Double.init)
      let mean = zip(sizes, exponents).reduce(0) { $0 + $1.0 * $1.1 } / sizes.reduce(0, +)
      let values = offset.map { $0[row] }
      #expect(abs(zip(sizes, values).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-12)
      #expect(
        abs((0..<4).reduce(0) { $0 + sizes[$1] * (exponents[$1] - mean) * values[$1] }) < 1e-12)
      #expect(values.contains { abs($0) > 1e-3 })
    }
  }

  @Test("a centred offset follows what centring leaves, and clips see no more")
  func possible() throws {
    let clip = GlobalNormClip(limit: 0.5)
    let problem = smallProblem(
      SGD(), rates: specification(.tensor, [RateOffset(granularity: .parameter, clip: clip)]))
    let learned = Learned(rates: try problem.initialRates(seed: 1))
    let update = OuterUpdate(
      OuterSpecification(optimizer: SGD(), rate: 1), problem, like: learned)
    // 100 everywhere, which the tensors' own rates have, and 0.1 more or less in two places.
    let gradient = problem.rates.types.map { type -> Tensor in
      var values = [Double](repeating: 100, count: type.shape.count)
      if values.count > 1 { (values[0], values[1]) = (100.1, 99.9) }
      return Tensor(values, type)
    }
    let after = update(
      learned, Hyperparameters(rates: gradient), update.initialState, step: 0
    ).learned.rates
    for index in problem.rates.tensors(of: 1) {
      let values = after[index].doubles
      #expect(abs(values[0] + 0.1) < 1e-9 && abs(values[1] - 0.1) < 1e-9)
      #expect(values.dropFirst(2).allSatisfy { abs($0) < 1e-9 })
    }
  }

  @Test("offsets that cross unevenly, and numbers that no offset may have, are refused")
  func refusedByLayout() {
    func refuses(_ offsets: [RateOffset], _ text: String) {
      let layout = smallProblem(SGD(), rates: specification(.tensor, offsets)).rates
      let error = #expect(throws: RateError.self) { try layout.requireIdentified() }
      #expect("\(error!)".contains(text), "\(error!)")
    }
    // Windows of 3 and 2 steps of seven.
    refuses(
      [
        RateOffset(granularity: .tensor, time: .window(3)),
        RateOffset(granularity: .tensor, time: .window(2)),
        RateOffset(granularity: .tensor, time: .step),
      ], "crosses the terms before it unevenly")
    refuses([RateOffset(decay: -1)], "decay -1.0: expected a speed above 0 and a decay from 0")
    refuses([RateOffset(speed: 0, decay: 1)], "speed 0.0")
    refuses([RateOffset(time: .knots(1), decay: 1)], "expected 2 to as many")
    refuses([RateOffset(granularity: .tensor)], "changes no rate")
    // What an earlier offset with a decay could be is this one's.
    let layout = smallProblem(
      SGD(),
      rates: specification(
        .global, [RateOffset(decay: 0.1), RateOffset(granularity: .tensor)])
    ).rates
    #expect(throws: Never.self) { try layout.requireIdentified() }
  }

  @Test("lines between knots go through what they gave, at every step")
  func knots() throws {
    let layout = smallProblem(
      SGD(), rates: rateSpecification(.parameter, .knots(3), .log, 0.05)
    ).rates
    let numbers = try moved(layout)
    // At the knots, and from every step.
    for given in [layout.expanded(numbers), layout.expanded(numbers, of: 7)] {
      let found = try layout.unconstrained(givingEffective: given)
      #expect(difference(found, numbers) < 1e-10)
    }
    let constant = try layout.unconstrained(
      givingEffective: layout.parameters.types.map { Tensor(repeating: 0.2, $0) })
    #expect(constant.allSatisfy { $0.doubles.allSatisfy { abs($0 - log(0.2)) < 1e-12 } })
    var other = layout.expanded(numbers, of: 7)
    other[0] =
      other[0]
      * Tensor(
        (0..<other[0].shape.count).map { $0 / 30 % 2 == 0 ? 1 : 2 }, other[0].type)
    #expect(throws: RateError.self) { _ = try layout.unconstrained(givingEffective: other) }
  }
}
