import MetaLearning
import TensorPrograms

/// One meta-iteration of Meta-SGD: the hypergradient of a mean over tasks with respect to initial
/// weights and rates, and an Adam update of both.
enum MetaSGDBenchmark {
  static func prepare(steps: Int, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let network = try inputs.perceptron(.relu)
    let episodes = try FewShotEpisodes(inputs, initial: network.tensors, steps: steps).batch
    let problem = InnerProblem(
      task: BenchmarkTask(model: network, loss: .meanSquaredError, source: .slices),
      template: network,
      specification: InnerSpecification(steps: steps, batch: episodes.evaluation[0].shape[1]),
      rates: RateSpecification(parameterization: .direct))
    let rates = try inputs.rates(network.paths)
    let start = Timing.now
    let hypergradient = ReverseHypergradient(problem, like: episodes)
    let outer = OuterSpecification(
      rate: 1e-3, learning: .hypergradients([.rates, .initialWeights]))
    let update = OuterUpdate(outer, (rates + episodes.initial).map(\.type))
    var state = (parameters: rates + episodes.initial, optimizer: update.initialState, step: 0)
    let unit = {
      var current = episodes
      current.initial = Array(state.parameters.dropFirst(rates.count))
      let found = hypergradient(
        current, raw: Array(state.parameters.prefix(rates.count)), scalars: [])
      (state.parameters, state.optimizer) = update(
        state.parameters, found.rates + found.initial, state.optimizer, step: state.step)
      state.step += 1
    }
    // Compared where both sides start, before any update.
    let found = hypergradient(episodes, raw: rates, scalars: [])
    unit()
    return BenchmarkRun(
      preparation: Timing.now - start, outcome: BenchmarkOutcome(found), unit: unit,
      compiled: hypergradient.compiled,
      arguments: hypergradient.arguments(episodes, raw: rates, scalars: []))
  }
}

/// One hypergradient of the mean loss of a few classes of images, learned from few of each.
enum FewShotBenchmark {
  static func prepare(steps: Int, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let network = try inputs.convolutionalNetwork(.relu)
    let episodes = try FewShotEpisodes(inputs, initial: network.tensors, steps: steps).batch
    let problem = InnerProblem(
      task: BenchmarkTask(model: network, loss: .crossEntropy, source: .slices),
      template: network,
      specification: InnerSpecification(steps: steps, batch: episodes.steps[0].shape[2]),
      rates: RateSpecification(parameterization: .direct))
    return BenchmarkRun(
      hypergradientOf: problem, episodes, rates: try inputs.rates(network.paths))
  }
}

/// Tasks whose every step trains on the same support examples.
private struct FewShotEpisodes {
  let batch: EpisodeBatch

  init(_ inputs: BenchmarkInputs, initial: [Tensor], steps: Int) throws {
    func repeated(_ path: String) throws -> Tensor {
      // [tasks, examples, …] becomes [tasks, steps, examples, …].
      let tensor = try inputs.tensor(path)
      return tensor.broadcast(
        to: Shape([tensor.shape[0], steps] + tensor.shape.extents.dropFirst()),
        axes: [0] + (1..<tensor.rank).map { $0 + 1 })
    }
    batch = EpisodeBatch(
      initial: initial, hasOwnInitial: false,
      steps: [try repeated("support/inputs"), try repeated("support/targets")],
      evaluation: [try inputs.tensor("query/inputs"), try inputs.tensor("query/targets")])
  }
}
