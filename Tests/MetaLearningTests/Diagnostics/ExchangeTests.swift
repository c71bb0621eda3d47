import MetaLearning
import Settings
import TensorPrograms
import Testing

/// The law behind orbits: at rates that are equal within them, hypergradients of runs with fresh
/// weights keep their law where units are exchanged run by run, so that a permutation test rejects
/// at its level; with shared weights it rejects nearly always.
@Suite("The law of orbits") struct ExchangeTests {
  /// A problem of sixteen inputs in a square and three classes.
  ///
  /// - Parameter isUneven: whether inputs have scales of their own.
  private func setting<Kind: ModelKind>(
    _ kind: Kind, _ optimizer: any Optimizer,
    _ transformations: [any GradientTransformation] = [], time: RateTime = .constant,
    isUneven: Bool = false
  ) throws -> InnerProblem<SupervisedTask<Kind.Model>> {
    var stream = RandomStream(seed: 4, purpose: "exchange")
    let values = (0..<60 * 16).map { index -> Double in
      let scale = isUneven ? 0.2 * Double(1 + index % 16) : 1
      return scale * stream.normal()
    }
    let inputs = Tensor(values, TensorType([60, 4, 4], .float64))
    let targets = Tensor((0..<60).map { _ in Int32(stream.integer(below: 3)) })
    let drawing = try kind.drawing(
      for: ExampleForm(inputs: [4, 4], outputs: 3, scalar: .float64))
    let task = SupervisedTask(
      inputs: inputs.reshaped(to: drawing.inputs.prepending(60)), targets: targets,
      loss: .crossEntropy, validation: 0.25, test: 0.25, model: drawing.draw)
    var inner = InnerSpecification()
    (inner.optimizer, inner.steps, inner.batch) = (optimizer, 3, 6)
    inner.transformations = transformations
    return InnerProblem(
      task: task, template: task.initialParameters(from: &stream), specification: inner,
      rates: RateSpecification(
        granularity: .orbit(), time: time, initial: UniformRates(rate: 0.05)))
  }

  /// How often the test rejects at 5 %, in so many batches of six runs.
  private func rejections<Task: LearningTask>(
    _ problem: InnerProblem<Task>, batches: Int, sharesWeights: Bool = false
  ) throws -> Int {
    var generator = RandomStream(seed: 3, purpose: "exchanges")
    let rates = try problem.initialRates(seed: 1)
    let runs: UInt64 = 6
    func batch(_ index: Int) -> EpisodeBatch {
      problem.batch(
        role: .training, seed: 5, indices: UInt64(index) * runs..<UInt64(index + 1) * runs,
        sharesInitialWeights: sharesWeights)
    }
    let function = RunwiseHypergradient(problem, like: batch(0), averagingOrbits: true)
    var point = problem.hyperparameters(Learned(rates: rates))
    if sharesWeights {
      point.initialWeights = problem.initialWeights(role: .training, seed: 5, index: 0)
    }
    return (0..<batches).count { index in
      let found = function(batch(index), at: point)
      // Without anything to test, nothing is rejected.
      let test = ExchangeTest(found, problem.rates, draws: 19, generator: &generator)
      return (test?.pValue ?? 1) <= 0.05
    }
  }

  static let allOptimizers: [any Optimizer] = Laboratory.learning.optimizers.members

  @Test("at its level with fresh weights, for every optimizer", arguments: allOptimizers)
  func optimizers(_ optimizer: any Optimizer) throws {
    let problem = try setting(PerceptronKind(hidden: [6, 5]), optimizer)
    // of 200 at 5 % there are more than 20 in one of a thousand.
    let count = try rejections(problem, batches: 200)
    #expect((1...20).contains(count), "\(optimizer.word): \(count) of 200")
  }

  @Test("at its level behind clips, with normalizations, in other models and over time")
  func models() throws {
    let perceptron = PerceptronKind(hidden: [6, 5])
    var counts: [String: Int] = [:]
    counts["global clip"] = try rejections(
      setting(perceptron, Momentum(), [GlobalNormClip(limit: 0.3)]), batches: 200)
    counts["clip by tensor"] = try rejections(
      setting(perceptron, Momentum(), [TensorNormClip(limit: 0.2)]), batches: 200)
    counts["layer norm"] = try rejections(
      setting(PerceptronKind(hidden: [6, 5], normalization: .layer), Adam()), batches: 200)
    counts["batch norm"] = try rejections(
      setting(ConvolutionalKind(filters: [3, 4]), Momentum()), batches: 200)
    counts["residual"] = try rejections(
      setting(ResidualPerceptronKind(width: 5, units: 4, blocks: 2), SGD()), batches: 200)
    counts["steps"] = try rejections(setting(perceptron, SGD(), time: .step), batches: 200)
    for (name, count) in counts { #expect((1...20).contains(count), "\(name): \(count) of 200") }
  }

  /// Every layer names its axes, or this fails for it.
  @Test(
    "at its level behind every layer that models may have",
    arguments: Laboratory.learning.layers.members.filter { $0.word != "embedding" } + [
      ConvolutionLayer(filters: 6, groups: 2), AttentionLayer(heads: 2, rotary: true),
      ResidualLayer(layers: [GroupNormalizationLayer(groups: 2), ConvolutionLayer(filters: 4)]),
      ResidualLayer(
        layers: [ConvolutionLayer(filters: 6), ConvolutionLayer(filters: 6, groups: 3)],
        shortcut: [ConvolutionLayer(filters: 6, size: 1)]),
    ])
  func layers(_ layer: any LayerKind) throws {
    func problem(_ between: [any LayerKind]) throws -> InnerProblem<SupervisedTask<LayeredModel>> {
      try setting(
        LayeredKind(layers: [ConvolutionLayer(filters: 4)] + between + [ActivationLayer(.tanh)]),
        Momentum())
    }
    // Some read no images.
    let places: [[any LayerKind]] = [[layer], [FlatLayer(), layer], [SequenceLayer(), layer]]
    let problem = try #require(places.lazy.compactMap { try? problem($0) }.first)
    let count = try rejections(problem, batches: 200)
    #expect((1...20).contains(count), "\(layer.word): \(count) of 200")
  }

  @Test("inputs that differ are told apart, where they are said to be exchangeable")
  func wrongAxes() throws {
    let problem = try setting(PerceptronKind(hidden: [6, 5]), SGD(), isUneven: true)
    let wrong = RateLayout(
      problem.rates.specification, parameters: problem.parameters, steps: problem.rates.steps,
      symmetry: RateSymmetry(hasFreshWeights: true, exchangedUnits: [Units.inputs]))
    var generator = RandomStream(seed: 3, purpose: "exchanges")
    let rates = problem.hyperparameters(Learned(rates: try problem.initialRates(seed: 1)))
    func batch(_ index: UInt64) -> EpisodeBatch {
      problem.batch(role: .training, seed: 5, indices: index * 12..<(index + 1) * 12)
    }
    let function = RunwiseHypergradient(problem, like: batch(0), averagingOrbits: true)
    let count = (0..<40 as Range<UInt64>).count { index in
      let test = ExchangeTest(
        function(batch(index), at: rates), wrong, draws: 19, generator: &generator)
      return (test?.pValue ?? 1) <= 0.05
    }
    // Of 40 at 5 % there are 9 or more in one of ten thousand.
    #expect(count >= 9, "\(count) of 40")
  }

  @Test("shared weights tell units apart, and the test rejects")
  func sharedWeights() throws {
    for optimizer in [SGD(), Adam(), Muon()] as [any Optimizer] {
      let problem = try setting(PerceptronKind(hidden: [6, 5]), optimizer)
      let count = try rejections(problem, batches: 40, sharesWeights: true)
      #expect(count >= 36, "\(optimizer.word): \(count) of 40")
    }
  }

  @Test("the share within orbits is that of squares of deviations from their means")
  func shares() throws {
    let units = Units("units", 2)
    let layout = RateLayout(
      RateSpecification(granularity: .orbit()),
      parameters: ParameterLayout(
        Pair(weight: .zeros(TensorType([2, 2], .float64)), units: units)),
      steps: 1, symmetry: RateSymmetry(hasFreshWeights: true))
    // Sums are (4, 8) and (4, 0), units along the columns; with one run's units exchanged they are
    // (6, 6) and (2, 2).
    let hypergradients = Tensor([1, 3, 2, 0, 3, 5, 2, 0], TensorType([2, 2, 2], .float64))
    var generator = RandomStream(seed: 1, purpose: "exchanges")
    let found = try #require(
      ExchangeTest([hypergradients], layout, draws: 4000, generator: &generator))
    #expect(abs(found.share - 16 / 96.0) < 1e-15)
    #expect(abs(found.exchangedShare - found.share / 2) < 0.005)
    #expect(abs(found.pValue - 0.5) < 0.03)
    let zero = try #require(
      ExchangeTest([hypergradients * 0], layout, draws: 9, generator: &generator))
    #expect(zero.share == 0 && zero.pValue == 1)
    // One run, numbers that are not finite, or no units to exchange: nothing is tested.
    #expect(
      ExchangeTest([hypergradients.slice(0..<1)], layout, draws: 9, generator: &generator) == nil)
    #expect(
      ExchangeTest([hypergradients / 0], layout, draws: 9, generator: &generator) == nil)
    let alone = RateLayout(
      layout.specification, parameters: layout.parameters, steps: 1,
      symmetry: RateSymmetry(hasFreshWeights: false))
    #expect(ExchangeTest([hypergradients], alone, draws: 9, generator: &generator) == nil)
  }

  private struct Pair: Trainable {
    var weight: Tensor
    let units: Units
    var axes: [[Axis]] { [["kind", Axis("unit", units: units)]] }

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows { try body(path / "weight", &weight) }
  }
}
