import MetaLearning
import TensorPrograms

/// The inner problem of a golden case; its data come with the case rather than from episodes.
struct GoldenTask: LearningTask {
  typealias Parameters = NamedTensors

  let specification: GoldenSpecification
  let initial: NamedTensors

  var scalarType: ScalarType { .float64 }

  func initialParameters(from stream: inout RandomStream) -> NamedTensors { initial }

  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    fatalError("a golden case brings its data along")
  }

  func trainingLoss(_ parameters: inout NamedTensors, dataset: [Tensor], batch: [Tensor]) -> Tensor
  {
    func tensor(_ layer: Int, _ kind: String, _ name: String) -> Tensor {
      parameters["\(layerName(layer, kind))/\(name)"]
    }
    func dense(_ layer: Int) -> Dense {
      Dense(weight: tensor(layer, "dense", "weight"), bias: tensor(layer, "dense", "bias"))
    }
    return switch specification.model {
    case .quadratic:
      QuadraticParameters(weight: parameters["000_quadratic/weight"])
        .loss(curvatures: batch[0], targets: batch[1])
    case .perceptron(let layers):
      specification.loss(
        MultilayerPerceptron(
          layers: (0..<layers).map(dense), activation: specification.activation)(batch[0]),
        batch[1])
    case .convolutional(let blocks):
      specification.loss(
        ConvolutionalNetwork(
          blocks: (0..<blocks).map { index in
            ConvolutionalNetwork.Block(
              convolution: Convolution(
                weight: tensor(2 * index, "convolution", "weight"),
                bias: tensor(2 * index, "convolution", "bias")),
              normalization: BatchNormalization(
                scale: tensor(2 * index + 1, "batch_norm", "scale"),
                offset: tensor(2 * index + 1, "batch_norm", "offset")))
          }, dense: dense(2 * blocks), activation: specification.activation)(batch[0]), batch[1])
    }
  }
}
