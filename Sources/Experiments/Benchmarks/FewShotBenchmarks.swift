import MetaLearning
import TensorPrograms

/// One meta-iteration of Meta-SGD: the hypergradient of a mean over tasks with respect to initial
/// weights and rates, and an Adam update of both.
enum MetaSGDBenchmark {
  static func prepare(steps: Int, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let network = try inputs.perceptron(.relu)
    let episodes = try FewShotEpisodes(inputs, steps: steps).batch
    let problem = InnerProblem(
      task: BenchmarkTask(model: network, loss: .meanSquaredError, source: .slices),
      template: network,
      specification: InnerSpecification(
        steps: steps, batch: episodes.episode.evaluation[0].shape[1]),
      rates: RateSpecification(parameterization: .direct))
    let initial = Learned(
      rates: try inputs.rates(network.paths), initialWeights: network.tensors)
    let start = Timing.now
    let hypergradient = ReverseHypergradient(problem, like: episodes)
    let targets: Set<LearnTarget> = [.rates, .initialWeights]
    let outer = OuterSpecification(rate: 1e-3, learning: .hypergradients(Array(targets)))
    let update = OuterUpdate(outer, problem, like: initial)
    var state = OuterState(step: 0, learned: initial, optimizer: update.initialState)
    let unit = {
      let gradient = hypergradient(episodes, at: problem.hyperparameters(state.learned)).gradient
      let updated = update(
        state.learned, gradient.restricted(to: targets), state.optimizer, step: state.step)
      (state.learned, state.optimizer) = (updated.learned, updated.state)
      state.step += 1
    }
    // Compared where both sides start, before any update.
    let point = problem.hyperparameters(initial)
    let found = hypergradient(episodes, at: point)
    unit()
    return BenchmarkRun(
      preparation: Timing.now - start, outcome: { BenchmarkOutcome(found) }, unit: unit,
      program: hypergradient.program, arguments: hypergradient.tensors(episodes, at: point))
  }
}

/// One hypergradient of the mean loss of a few classes of images, learned from few of each.
enum FewShotBenchmark {
  static func prepare(steps: Int, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let network = try inputs.convolutionalNetwork(.relu)
    let episodes = try FewShotEpisodes(inputs, steps: steps).batch
    let problem = InnerProblem(
      task: BenchmarkTask(model: network, loss: .crossEntropy, source: .slices),
      template: network,
      specification: InnerSpecification(steps: steps, batch: episodes.episode.steps[0].shape[2]),
      rates: RateSpecification(parameterization: .direct))
    return BenchmarkRun(
      hypergradientOf: problem, episodes,
      at: Learned(
        rates: try inputs.rates(network.paths), initialWeights: network.tensors))
  }
}

/// Tasks whose every step trains on the same support examples.
private struct FewShotEpisodes {
  let batch: EpisodeBatch

  init(_ inputs: BenchmarkInputs, steps: Int) throws {
    func repeated(_ path: String) throws -> Tensor {
      // [tasks, examples, …] becomes [tasks, steps, examples, …].
      let tensor = try inputs.tensor(path)
      return tensor.broadcast(
        to: Shape([tensor.shape[0], steps] + tensor.shape.extents.dropFirst()),
        axes: [0] + (1..<tensor.rank).map { $0 + 1 })
    }
    batch = EpisodeBatch(
      episode: Episode(
        steps: [try repeated("support/inputs"), try repeated("support/targets")],
        evaluation: [try inputs.tensor("query/inputs"), try inputs.tensor("query/targets")]))
  }
}
