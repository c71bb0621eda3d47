import MetaLearning
import TensorPrograms

/// One hypergradient through a few steps of plain descent of a network with wide layers: matrix
/// products are nearly all of it.
enum WideBenchmark {
  static func prepare(_ variant: String, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let network = try inputs.perceptron(.relu)
    let episodes = try inputs.oneRun()
    let problem = InnerProblem(
      task: BenchmarkTask(model: network, loss: .crossEntropy, source: .slices),
      template: network,
      specification: InnerSpecification(
        steps: episodes.episode.steps[0].shape[1], batch: episodes.episode.steps[0].shape[2]),
      rates: RateSpecification(parameterization: .direct),
      memory: variant == "everyStep" ? .everyStep : .storeAll)
    let learned = Learned(
      rates: try inputs.rates(network.paths), initialWeights: network.tensors)
    return variant == "plain"
      ? BenchmarkRun(trainingOf: problem, episodes, at: learned)
      : BenchmarkRun(hypergradientOf: problem, episodes, at: learned)
  }
}
