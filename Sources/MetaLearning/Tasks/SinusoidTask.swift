import Foundation
import Settings
import TensorPrograms

/// Few-shot regression of sinusoids: amplitude U[0.1, 5], phase U[0, π], x U[−5, 5].
///
/// Every step sees the same support points; the loss is evaluated on query points of the same
/// curve. Source: Finn, Abbeel and Levine, "Model-agnostic meta-learning" (2017).
public struct SinusoidTask<Model: SupervisedModel>: LearningTask {
  /// Points to train on.
  public let support: Int
  /// Points to evaluate on.
  public let query: Int
  /// Single or double precision.
  public let scalarType: ScalarType
  private let drawModel: @Sendable (inout RandomStream) -> Model
  /// A model that only says what its passes draw.
  private let template: Model
  private let supportType: TensorType
  private let queryType: TensorType

  /// A family of sinusoids; `draw` makes a model of one input and one output with fresh weights.
  public init(
    support: Int, query: Int, scalarType: ScalarType,
    draw: @escaping @Sendable (inout RandomStream) -> Model
  ) {
    self.support = support
    self.query = query
    self.scalarType = scalarType
    drawModel = draw
    supportType = TensorType([support, 1], scalarType)
    queryType = TensorType([query, 1], scalarType)
    var weights = RandomStream(seed: 0, purpose: "template")
    template = draw(&weights)
  }

  /// A model with fresh weights.
  public func initialParameters(from stream: inout RandomStream) -> Model { drawModel(&stream) }

  /// One curve's points.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    let amplitude = stream.uniform(0.1, 5)
    let phase = stream.uniform(0, .pi)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: support + query) { x in
      for point in x.indices { x.initializeElement(at: point, to: stream.uniform(-5, 5)) }
      episode.addSameSteps(supportType) { x[$0] }
      episode.addSameSteps(supportType) { amplitude * sin(x[$0] - phase) }
      episode.addEvaluation(queryType) { x[support + $0] }
      episode.addEvaluation(queryType) { amplitude * sin(x[support + $0] - phase) }
    }
    template.draw(request, batch: support, scalarType, into: &episode)
  }

  /// The mean squared error.
  public func trainingLoss(_ parameters: inout Model, dataset: [Tensor], batch: [Tensor]) -> Tensor
  {
    LossFunction.meanSquaredError(parameters.trained(on: batch[0], batch), batch[1])
  }

  /// The mean squared error of a model that is not being trained.
  public func evaluationLoss(_ parameters: Model, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    LossFunction.meanSquaredError(parameters(batch[0]), batch[1])
  }

  /// The points of the batch.
  public func inputs(dataset: [Tensor], batch: [Tensor]) -> Tensor? { batch[0] }
}

extension SinusoidTask<MultilayerPerceptron> {
  /// A family of sinusoids learned by a perceptron.
  public init(
    support: Int, query: Int, hidden: [Int], activation: Activation,
    normalization: Normalization = .none, scalarType: ScalarType
  ) {
    self.init(support: support, query: query, scalarType: scalarType) { stream in
      MultilayerPerceptron(
        sizes: [1] + hidden + [1], activation: activation, normalization: normalization,
        from: &stream, scalarType)
    }
  }
}

/// Sinusoids as configurations choose them.
public struct SinusoidKind: TaskKind {
  /// Points to train on.
  public var support: Int
  /// Points to evaluate on.
  public var query: Int

  /// The word for it.
  public static let word = "sinusoid"
  /// Numbers of points.
  public static let schema = Schema<Self>(
    "few-shot regression of random sinusoids",
    Setting("support", \.support, .integer(1...1_000_000), unit: "points", "points to train on"),
    Setting("query", \.query, .integer(1...1_000_000), unit: "points", "points to evaluate on"))

  /// Ten points to train on and ten to evaluate on, unless said otherwise.
  public init(support: Int = 10, query: Int = 10) {
    self.support = support
    self.query = query
  }

  /// The squared error.
  public var loss: LossFunction? { .meanSquaredError }
  /// One number in, one out.
  public func examples(_ scalar: ScalarType) -> ExampleForm? {
    ExampleForm(inputs: [1], outputs: 1, scalar: scalar)
  }

  /// Amplitudes reach 5.
  public var stableRate: Double { 0.01 }
  /// Curves of their own.
  public var testRunsTrainOn: String { "sinusoids that learning did not see" }

  /// The task of the configured model.
  public func task(_ context: TaskContext) throws -> any LearningTask {
    try task(context.model, context.scalar)
  }

  private func task(
    _ model: some ModelKind, _ scalar: ScalarType
  ) throws(ModelError) -> any LearningTask {
    let drawing = try model.drawing(
      for: ExampleForm(inputs: [1], outputs: 1, scalar: scalar))
    return SinusoidTask(support: support, query: query, scalarType: scalar, draw: drawing.draw)
  }
}
