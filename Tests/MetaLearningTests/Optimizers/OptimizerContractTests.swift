import MetaLearning
import Settings
import TensorPrograms
import Testing

/// What every optimizer of the laboratory must keep, whatever its formula.
@Suite struct OptimizerContractTests {
  /// Every optimizer, with numbers that make each of its terms count in a few steps.
  static let optimizers: [any Optimizer] = Laboratory.learning.optimizers.members.map { optimizer in
    let telling = [
      "momentum": 0.8, "decay": 0.7, "beta1": 0.8, "beta2": 0.9, "weightDecay": 0.1,
    ]
    guard case .mapping(var entries) = node(optimizer).content else { return optimizer }
    for index in entries.indices {
      if let number = telling[entries[index].key] { entries[index].value = .number(number) }
    }
    var told = node(optimizer)
    told.content = .mapping(entries)
    return (try? read(told)) ?? optimizer
  }

  private func dot<Structure: ParameterStructure>(_ a: Structure, _ b: Structure) -> Tensor {
    a.mapTensors(with: b) { ($0 * $1).sum() }.tensors
      .reduce(nil) { sum, term in sum.map { $0 + term } ?? term }!
  }

  private func drawn<Structure: ParameterStructure>(
    _ stream: inout RandomStream, like structure: Structure
  ) -> Structure {
    structure.mapTensors { tensor in
      Tensor((0..<tensor.shape.count).map { _ in stream.normal() }, tensor.type)
    }
  }

  // MARK: Derivatives

  /// Two steps on zero gradients from a zero state: values and derivatives of first and second
  /// order with respect to everything that a step takes.
  @Test(arguments: optimizers, [ScalarType.float32, .float64])
  func zeroGradientsHaveFiniteDerivatives(_ optimizer: any Optimizer, _ scalar: ScalarType) {
    // The outer loop's optimizers have no guard under their roots.
    let outer = optimizer.forOuterLoop
    let isSame = Self.node(outer) == Self.node(optimizer)
    for optimizer in isSame ? [optimizer] : [optimizer, outer] {
      let descent = Descent(optimizer, scalar)
      func outcome(_ point: StepPoint) -> [Tensor] {
        var (weights, state) = (point.weights, point.state)
        for step in 0..<2 {
          (weights, state) = descent.stepped(
            weights, gradients: point.gradients, state, rates: point.rates,
            scalars: point.scalars, step: descent.steps[step])
        }
        return weights + state.tensors
      }
      // A sum in which every result has a second derivative.
      func number(_ point: StepPoint) -> Tensor {
        let results = outcome(point)
        return dot(results.map { $0.sin() }, results.map { $0 + 0.3 })
      }
      func point(_ weights: [Tensor]) -> StepPoint {
        StepPoint(
          weights: weights, gradients: weights.map { .zeros($0.type) }, rates: descent.rates,
          state: optimizer.initialState(like: weights), scalars: descent.scalars)
      }
      let example = point(descent.weights)
      var stream = RandomStream(seed: 3, purpose: "direction")
      let direction = drawn(&stream, like: example)
      let values = compile(like: example) { outcome($0) }
      let slope = compile(like: example) { gradient(at: $0, of: number) }
      let curve = compile(like: example, direction) { point, direction in
        gradient(at: point) { dot(gradient(at: $0, of: number), direction) }
      }
      for weights in [descent.weights, descent.weights.map { .zeros($0.type) }] {
        let point = point(weights)
        let first = slope(point)
        for (name, found) in [
          ("values", values(point)), ("first derivatives", first.tensors),
          ("second derivatives", curve(point, direction).tensors),
        ] {
          #expect(found.allSatisfy { $0.doubles.allSatisfy(\.isFinite) }, "\(name): \(found)")
        }
        // The gradient counts where it is zero if it does elsewhere, which it does not for a sign.
        var elsewhere = point
        elsewhere.gradients = point.gradients.map { $0 + 0.1 }
        for (here, there) in zip(first.gradients, slope(elsewhere).gradients) {
          #expect(here.doubles.contains { $0 != 0 } == there.doubles.contains { $0 != 0 })
        }
      }
    }
  }

  /// Second derivatives of what a few steps come to, with respect to initial weights, rates and the
  /// optimizer's numbers, against differences of the values and of the gradients.
  @Test(arguments: optimizers)
  func secondDerivativesMatchFiniteDifferences(_ optimizer: any Optimizer) {
    let descent = Descent(optimizer)
    let point = descent.point
    let judged = compile(like: point) { descent.judged($0) }
    let slopes = compile(like: point) { gradient(at: $0, of: descent.judged) }
    let products = compile(like: point, point) { point, direction in
      let reverse = gradient(at: point) { dot(gradient(at: $0, of: descent.judged), direction) }
      let forward = jvp(at: point, along: direction) { gradient(at: $0, of: descent.judged) }
      return [reverse, forward.tangent]
    }
    func f(_ point: DescentPoint) -> Double { judged(point).scalar }
    let slope = slopes(point)
    var stream = RandomStream(seed: 2, purpose: "direction")
    for _ in 0..<2 {
      let direction = drawn(&stream, like: point)
      func at(_ distance: Double) -> DescentPoint {
        point.mapTensors(with: direction) { $0 + distance * $1 }
      }
      let product = products(point, direction)
      let (reverse, forward) = (product[0], product[1])
      #expect(difference(forward, reverse) < 1e-10)

      // Both differences are extrapolated from a step and its double.
      let value = f(point)
      func bend(_ h: Double) -> Double { (f(at(h)) - 2 * value + f(at(-h))) / (h * h) }
      let expected = (4 * bend(2e-5) - bend(4e-5)) / 3
      let found = dot(reverse, direction).scalar
      #expect(abs(found - expected) < 1e-5 * abs(expected), "\(found) against \(expected)")

      func change(_ h: Double) -> DescentPoint {
        slopes(at(h)).mapTensors(with: slopes(at(-h))) { ($0 - $1) / (2 * h) }
      }
      let changes = change(2e-6).mapTensors(with: change(4e-6)) { (4 * $0 - $1) / 3 }
      #expect(difference(reverse, changes) < 1e-6)

      // The first derivative, which the differences of gradients take for granted.
      func rise(_ h: Double) -> Double { (f(at(h)) - f(at(-h))) / (2 * h) }
      let risen = (4 * rise(1e-5) - rise(2e-5)) / 3
      #expect(abs(dot(slope, direction).scalar - risen) < 1e-7 * abs(risen))
    }
  }

  // MARK: Numbers

  /// Numbers that are learned take part as those that are specified do, to the last bit, and in
  /// their place.
  @Test(arguments: optimizers, [ScalarType.float32, .float64])
  func learnedNumbersAreThoseSpecified(_ optimizer: any Optimizer, _ scalar: ScalarType) throws {
    let properties = numbers(optimizer)
    for entry in optimizer.scalars {
      #expect(properties.first { $0.key.inSnakeCase == entry.name }?.value == entry.value)
    }
    // A layout would give the second of two equal names another one.
    let names = optimizer.scalars.map(\.name)
    #expect(ScalarLayout(optimizer.scalars).names == names)

    let descent = Descent(optimizer, scalar)
    let (weights, rates, steps) = (descent.weights, descent.rates, descent.steps)
    func bits(_ tensors: [Tensor]) -> [[Double]] { tensors.map(\.doubles) }
    // Time is an input of every program, so that powers of decays are never constants.
    let constant = compile(like: weights, rates, steps) { weights, rates, steps in
      descent.trained(
        DescentPoint(weights: weights, rates: rates, scalars: descent.scalars), steps)
    }
    let learned = compile(like: descent.scalars, weights, rates, steps) {
      scalars, weights, rates, steps in
      descent.trained(DescentPoint(weights: weights, rates: rates, scalars: scalars), steps)
    }
    let plain = constant(weights, rates, steps)
    let expected = bits(plain)
    let found = learned(descent.scalars, weights, rates, steps)
    // A constant β1 times the first state's zeros is no term any more, so that AdaBelief's surprise
    // g − (1 − β1)g becomes one multiply-add, which rounds once.
    if optimizer is AdaBelief {
      #expect(difference(found, plain) < (scalar == .float64 ? 1e-12 : 1e-5))
    } else {
      #expect(bits(found) == expected)
    }

    for name in names {
      let other = Descent(try changed(optimizer) { $0.inSnakeCase == name }, scalar)
      #expect(
        other.optimizer.scalars.filter { !optimizer.scalars.contains($0) }.map(\.name) == [name])
      #expect(bits(other.trained(descent.point)) == bits(descent.trained(descent.point)))
      #expect(
        bits(learned(other.scalars, weights, rates, steps)) != expected, "\(name) does nothing")
    }
  }

  /// Weights move without a gradient where decay is decoupled, and there alone.
  @Test(arguments: optimizers)
  func decoupledDecayIsSaid(_ optimizer: any Optimizer) {
    let descent = Descent(optimizer)
    func directions(_ weights: [Tensor]) -> [[Double]] {
      var state = optimizer.initialState(like: weights)
      return (0..<2).flatMap { step in
        let (directions, next) = optimizer.directions(
          weights.map { .zeros($0.type) }, of: descent.layout.optimized(weights), state: state,
          scalars: descent.scalars, step: descent.steps[step])
        state = next
        return directions.map(\.doubles)
      }
    }
    let others = descent.weights.map { $0.squared() + 0.1 }
    for (one, other) in zip(directions(descent.weights), directions(others)) {
      #expect((one != other) == optimizer.hasDecoupledDecay)
      #expect(one.contains { $0 != 0 } == optimizer.hasDecoupledDecay)
    }
  }

  // MARK: State

  /// The state is a tensor of zeros of each parameter's type for each slot, before and in so far as
  /// its form goes after a step.
  @Test(arguments: optimizers, [ScalarType.float32, .float64])
  func statesHaveTheirSlots(_ optimizer: any Optimizer, _ scalar: ScalarType) {
    let names = optimizer.slotNames
    #expect(Set(names).count == names.count && names.allSatisfy { !$0.isEmpty })
    let descent = Descent(optimizer, scalar)
    let types = descent.weights.map(\.type)
    for type in types { #expect(optimizer.slots(like: type).tensors.count == names.count) }
    let state = optimizer.initialState(like: descent.weights)
    #expect(state.slots.map(\.name) == names)
    #expect(state.slots.map { $0.value.map(\.type) } == names.map { _ in types })
    #expect(state.tensors.allSatisfy { $0.doubles.allSatisfy { $0 == 0 } })
    let (weights, next) = descent.stepped(
      descent.weights, gradients: descent.rates, state, rates: descent.rates,
      scalars: descent.scalars, step: descent.steps[0])
    #expect(weights.map(\.type) == types)
    #expect(next.slots.map(\.name) == names)
    #expect(next.slots.map { $0.value.map(\.type) } == names.map { _ in types })
    // What no tensor needs would not be remembered.
    #expect(next.slots.allSatisfy { $0.value.contains { $0.doubles.contains { $0 != 0 } } })
  }

  // MARK: Settings

  /// What is written reads as the same optimizer, each number under the name of its property.
  @Test(arguments: optimizers)
  func settingsAreReadAsTheyAreWritten(_ optimizer: any Optimizer) throws {
    let other = try changed(optimizer) { _ in true }
    for optimizer in [optimizer, other] {
      let written = Self.node(optimizer)
      let found = try Self.read(written)
      #expect(Self.node(found) == written)
      #expect(type(of: found) == type(of: optimizer))
      #expect(numbers(found) == numbers(optimizer))
      #expect(settings(written) == numbers(optimizer))
    }
    #expect(settings(try changedNode(optimizer) { _ in true }) == numbers(other))
    #expect(numbers(optimizer).allSatisfy { numbers(other)[$0.key] != $0.value })
  }

  private static func node(_ optimizer: any Optimizer) -> ConfigurationNode {
    InnerSpecification(optimizer: optimizer).node["optimizer"]!
  }

  private static func read(_ node: ConfigurationNode) throws -> any Optimizer {
    try InnerSpecification.read(
      .map([("optimizer", node)]), in: .learning, standard: InnerSpecification()
    ).optimizer
  }

  /// The numbers of a written optimizer.
  private func settings(_ node: ConfigurationNode) -> [String: Double] {
    guard case .mapping(let entries) = node.content else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: entries.compactMap { entry in
        guard case .plain(let text) = entry.value.content else { return nil }
        return Double(text).map { (entry.key, $0) }
      })
  }

  /// The first matrix reads the inputs and the last gives the answers, whatever stands around them.
  @Test func hiddenMatricesStandBetweenMatrices() throws {
    let layers: [any LayerKind] = [
      BatchNormalizationLayer(), DenseLayer(units: 4), DenseLayer(units: 3),
    ]
    var stream = RandomStream(seed: 1, purpose: "hidden matrices")
    let model = try LayeredKind(layers: layers).drawing(
      for: ExampleForm(inputs: [5], outputs: 2, scalar: .float64)
    ).draw(&stream)
    let layout = ParameterLayout(model)
    let hidden = zip(layout.paths, layout.optimized(model.tensors)).filter(\.1.isHiddenMatrix)
    #expect(hidden.map(\.0.description) == ["002_dense/weight"])
  }

  /// The numbers among an optimizer's properties.
  private func numbers(_ optimizer: any Optimizer) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: Mirror(reflecting: optimizer).children.compactMap { label, value in
        guard let label, let number = value as? Double ?? (value as? Int).map(Double.init) else {
          return nil
        }
        return (label, number)
      })
  }

  /// A written optimizer with some of its numbers changed, each by a share of its own.
  private func changedNode(
    _ optimizer: any Optimizer, _ isChanged: (String) -> Bool
  ) throws -> ConfigurationNode {
    var node = Self.node(optimizer)
    guard case .mapping(var entries) = node.content else { return node }
    for (index, entry) in entries.enumerated() where isChanged(entry.key) {
      guard case .plain(let text) = entry.value.content, let number = Double(text) else { continue }
      let isWhole = PlainNumber(text)?.isWhole == true
      entries[index].value =
        isWhole
        ? ConfigurationNode(.plain("\(Int(number) + 1)"))
        : .number(number * (0.5 + 0.4 * Double(index) / Double(entries.count)))
    }
    node.content = .mapping(entries)
    return node
  }

  private func changed(
    _ optimizer: any Optimizer, _ isChanged: (String) -> Bool
  ) throws -> any Optimizer {
    try Self.read(try changedNode(optimizer, isChanged))
  }
}

/// Everything that an optimizer's step takes, time aside.
private struct StepPoint: ParameterStructure {
  var weights, gradients, rates: [Tensor]
  var state: OptimizerState<[Tensor]>
  var scalars: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try weights.visit(path / "weights", body)
    try gradients.visit(path / "gradients", body)
    try rates.visit(path / "rates", body)
    try state.visit(path / "state", body)
    try scalars.visit(path / "scalars", body)
  }
}

/// What a few steps start from, their data aside.
private struct DescentPoint: ParameterStructure {
  var weights, rates, scalars: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try weights.visit(path / "weights", body)
    try rates.visit(path / "rates", body)
    try scalars.visit(path / "scalars", body)
  }
}

/// A few steps of an optimizer on a small network, one after another without any loop of the
/// library's: away from zeros and kinks, with data of their own.
private struct Descent {
  let optimizer: any Optimizer
  /// Sizes 3-4-3-2, so that the matrix in the middle is a hidden one.
  let template: MultilayerPerceptron
  let layout: ParameterLayout
  let weights, rates: [Tensor]
  /// Inputs and targets of each step, and of the judgement.
  private let batches: [[Tensor]]

  init(_ optimizer: any Optimizer, _ scalar: ScalarType = .float64) {
    self.optimizer = optimizer
    var stream = RandomStream(seed: 12, purpose: "optimizer contract")
    template = MultilayerPerceptron(
      sizes: [3, 4, 3, 2], activation: .tanh, from: &stream, scalar)
    layout = ParameterLayout(template)
    weights = template.tensors.map { weights in
      weights + Tensor(weights.doubles.map { _ in 0.3 * stream.normal() }, weights.type)
    }
    rates = weights.map { weights in
      Tensor(weights.doubles.map { _ in stream.uniform(0.02, 0.1) }, weights.type)
    }
    batches = (0...3).map { _ in
      [3, 2].map { width in
        Tensor((0..<6 * width).map { _ in stream.normal() }, TensorType([6, width], scalar))
      }
    }
  }

  /// The optimizer's numbers as they are specified.
  var scalars: [Tensor] {
    ScalarLayout(optimizer.scalars).values(weights[0].scalarType)
  }

  /// Initial weights, rates and numbers as they are specified.
  var point: DescentPoint { DescentPoint(weights: weights, rates: rates, scalars: scalars) }

  private func number(_ value: Double) -> Tensor {
    Tensor([value], TensorType(.scalar, weights[0].scalarType))
  }

  /// How many steps came before each.
  var steps: [Tensor] { batches.indices.dropLast().map { number(Double($0)) } }

  func stepped(
    _ weights: [Tensor], gradients: [Tensor], _ state: OptimizerState<[Tensor]>,
    rates: [Tensor], scalars: [Tensor], step: Tensor
  ) -> ([Tensor], OptimizerState<[Tensor]>) {
    optimizer.update(
      weights, layout.optimized(weights), gradient: gradients, state: state, rates: rates,
      scalars: scalars, time: StepTime(step: step, multiplier: number(0.9)))
  }

  private func loss(_ weights: [Tensor], _ batch: [Tensor]) -> Tensor {
    let error = template.replacingTensors(weights)(batch[0]) - batch[1]
    return error.squared().mean(axes: [0]).sum()
  }

  /// The weights after the last step, from initial weights, rates and the optimizer's numbers.
  func trained(_ point: DescentPoint, _ steps: [Tensor]? = nil) -> [Tensor] {
    var weights = point.weights
    var state = optimizer.initialState(like: weights)
    for (step, batch) in zip(steps ?? self.steps, batches) {
      (weights, state) = stepped(
        weights, gradients: gradient(at: weights) { loss($0, batch) }, state,
        rates: point.rates, scalars: point.scalars, step: step)
    }
    return weights
  }

  /// The loss that they come to on other data.
  func judged(_ point: DescentPoint) -> Tensor { loss(trained(point), batches[batches.count - 1]) }
}

extension String {
  /// `weight_decay` for `weightDecay`: what checkpoints call a property.
  fileprivate var inSnakeCase: String {
    reduce("") { $0 + ($1.isUppercase ? "_\($1.lowercased())" : "\($1)") }
  }
}
