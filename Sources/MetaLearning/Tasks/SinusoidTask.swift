import Foundation
import TensorPrograms

/// Few-shot regression of sinusoids: amplitude U[0.1, 5], phase U[0, π], x U[−5, 5].
///
/// Every step sees the same support points; the loss is judged on query points of the same curve.
/// Source: Finn, Abbeel and Levine, "Model-agnostic meta-learning" (2017).
public struct SinusoidTask: LearningTask {
  /// Points to train on.
  public let support: Int
  /// Points to judge on.
  public let query: Int
  /// Hidden units, layer by layer.
  public let hidden: [Int]
  /// The network's activation.
  public let activation: Activation
  /// What normalises its hidden layers.
  public let normalization: Normalization
  /// Single or double precision.
  public let scalarType: ScalarType

  /// A family of sinusoids.
  public init(
    support: Int, query: Int, hidden: [Int], activation: Activation,
    normalization: Normalization = .none, scalarType: ScalarType
  ) {
    self.support = support
    self.query = query
    self.hidden = hidden
    self.activation = activation
    self.normalization = normalization
    self.scalarType = scalarType
  }

  /// Normal weights of variance 1/inputs, zero biases.
  public func initialParameters(from stream: inout RandomStream) -> MultilayerPerceptron {
    MultilayerPerceptron(
      sizes: [1] + hidden + [1], activation: activation, normalization: normalization,
      from: &stream, scalarType)
  }

  /// One curve's points.
  public func episode(_ request: EpisodeRequest) -> Episode {
    var stream = request.stream
    let amplitude = stream.uniform(0.1, 5)
    let phase = stream.uniform(0, .pi)
    func points(_ count: Int) -> (x: Tensor, y: Tensor) {
      let x = (0..<count).map { _ in stream.uniform(-5, 5) }
      let type = TensorType([count, 1], scalarType)
      return (Tensor(x, type), Tensor(x.map { amplitude * sin($0 - phase) }, type))
    }
    let (x, y) = points(support)
    let (queryX, queryY) = points(query)
    return Episode(
      steps: [x.repeated(request.steps), y.repeated(request.steps)],
      evaluation: [queryX, queryY])
  }

  /// The mean squared error.
  public func trainingLoss(
    _ parameters: MultilayerPerceptron, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { LossFunction.meanSquaredError(parameters(batch[0]), batch[1]) }
}
