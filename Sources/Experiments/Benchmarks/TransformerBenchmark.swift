import MetaLearning
import TensorPrograms

/// One hypergradient of the validation loss after many steps of AdamW of a causal transformer of two
/// blocks of width 64.
enum TransformerBenchmark {
  /// The variants' memory policies.
  private static let policies: [String: UnrollMemory] = [
    "segments": .segments, "everyStep": .everyStep,
  ]

  static let kind = TransformerKind(width: 64, blocks: 2, heads: 4, feedForward: 256, causal: true)

  static func prepare(_ variant: String, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let episodes = try inputs.oneRun()
    let network = try network(inputs, episodes.episode)
    let problem = InnerProblem(
      task: BenchmarkTask(model: network, loss: .crossEntropy, source: .slices),
      template: network,
      specification: InnerSpecification(
        optimizer: AdamW(), steps: episodes.episode.steps[0].shape[1],
        batch: episodes.episode.steps[0].shape[2]),
      rates: RateSpecification(parameterization: .direct),
      memory: policies[variant] ?? .segments)
    let learned = Learned(
      rates: try inputs.rates(network.paths), initialWeights: network.tensors)
    return variant == "plain"
      ? BenchmarkRun(trainingOf: problem, episodes, at: learned)
      : BenchmarkRun(hypergradientOf: problem, episodes, at: learned)
  }

  /// The initial weights as a network: it answers at each position where targets have an axis of
  /// positions, else at the last.
  private static func network(
    _ inputs: BenchmarkInputs, _ episode: Episode
  ) throws -> LayeredModel {
    let answersEach = episode.steps[1].rank == 4
    let drawing = try kind.drawing(
      for: ExampleForm(
        positions: episode.steps[0].shape[3],
        tokens: try inputs.tensor("initial/000_embedding/weight").shape[0],
        outputs: try inputs.tensor("initial/\(lastLayer(answersEach))/bias").shape[0],
        answersEach: answersEach, scalar: .float32))
    let template = drawing.template()
    return template.replacingTensors(
      try template.paths.map { try inputs.tensor("initial/\($0)") })
  }

  /// One answer takes the last position, in one row.
  private static func lastLayer(_ answersEach: Bool) -> String {
    layerName(answersEach ? 15 : 17, "dense")
  }
}
