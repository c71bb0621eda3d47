import MetaLearning
import TensorPrograms
import Testing

/// Hypergradients through the training of models with convolutions and normalizations.
@Suite struct ConvolutionalHypergradientTests {
  private func table<Model: SupervisedModel>(
    _ inputs: Shape, _ model: @escaping @Sendable (inout RandomStream) -> Model
  ) -> SupervisedTask<Model> {
    var stream = RandomStream(seed: 8, purpose: "table")
    let rows = inputs[0]
    return SupervisedTask(
      inputs: Tensor(
        (0..<inputs.count).map { _ in stream.normal() }, TensorType(inputs, .float64)),
      targets: Tensor((0..<rows).map { _ in Int32(stream.integer(below: 3)) }),
      loss: .crossEntropy, validation: 0.25, test: 0.25, model: model)
  }

  private func images(_ activation: Activation) -> SupervisedTask<ConvolutionalNetwork> {
    table([24, 5, 4, 2]) {
      ConvolutionalNetwork(
        height: 5, width: 4, channels: 2, filters: [3, 2], outputs: 3, activation: activation,
        from: &$0, .float64)
    }
  }

  private func problem<Task: LearningTask>(
    _ task: Task, _ optimizer: any Optimizer, memory: UnrollMemory = .storeAll
  ) -> InnerProblem<Task> {
    var inner = InnerSpecification()
    inner.optimizer = optimizer
    inner.steps = 3
    inner.batch = 6
    var stream = RandomStream(seed: 3, purpose: "template")
    return InnerProblem(
      task: task, template: task.initialParameters(from: &stream), specification: inner,
      rates: rateSpecification(.parameter, .constant, .direct, 0.05), objective: .final,
      memory: memory)
  }

  /// Reverse mode against central differences along random directions, and for one rate of each
  /// tensor alone.
  private func check<Task: LearningTask>(_ problem: InnerProblem<Task>, shared: Bool) throws {
    let batch = problem.batch(
      role: .training, seed: 1, indices: 0..<2, sharesInitialWeights: shared)
    let point = try problem.initialPoint(for: batch)
    let exact = ReverseHypergradient(problem, like: batch)(batch, at: point).gradient
    let differences = FiniteDifferences(problem, like: batch)
    var stream = RandomStream(seed: 2, purpose: "direction")
    let random = (0..<2).map { _ in
      point.rates.map { r in Tensor(r.doubles.map { _ in stream.normal() }, r.type) }
    }
    let single = point.rates.indices.map { chosen in
      point.rates.enumerated().map { index, r in
        Tensor(r.doubles.indices.map { index == chosen && $0 == 0 ? 1.0 : 0.0 }, r.type)
      }
    }
    for direction in random + single {
      let expected = differences.derivative(batch, at: point, along: direction, step: 1e-5)
      let found = zip(exact.rates, direction).map { ($0 * $1).sum().scalar }.reduce(0, +)
      #expect(abs(found - expected) < 1e-6 * max(abs(expected), 0.01))
    }
  }

  @Test(arguments: [SGD(), Momentum()] as [any Optimizer], [true, false])
  func throughConvolutions(_ optimizer: any Optimizer, _ shared: Bool) throws {
    try check(problem(images(.tanh), optimizer), shared: shared)
  }

  @Test func throughRectifiedConvolutions() throws {
    try check(problem(images(.relu), SGD()), shared: false)
  }

  @Test func throughLayerNormalization() throws {
    let task = table([24, 5]) {
      MultilayerPerceptron(
        sizes: [5, 4, 3], activation: .gelu, normalization: .layer, from: &$0, .float64)
    }
    try check(problem(task, Momentum()), shared: true)
  }

  /// Policies that compute windows again agree with the one that stores everything.
  @Test func policiesAgree() throws {
    func hypergradient(_ memory: UnrollMemory) throws -> [Tensor] {
      let problem = problem(images(.softplus), Momentum(), memory: memory)
      let batch = problem.batch(role: .training, seed: 1, indices: 0..<3)
      return ReverseHypergradient(problem, like: batch)(
        batch, at: try problem.initialPoint(for: batch)
      ).gradient.rates
    }
    let expected = try hypergradient(.storeAll)
    for memory in [UnrollMemory.everyStep, .segments, .binomial(snapshots: 2)] {
      #expect(difference(try hypergradient(memory), expected) < 1e-11)
    }
  }
}
