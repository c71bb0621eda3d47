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
    guard let model = specification.model(of: parameters) else {
      return QuadraticParameters(weight: parameters["000_quadratic/weight"])
        .loss(curvatures: batch[0], targets: batch[1])
    }
    return specification.loss(model(batch[0]), batch[1])
  }
}

extension GoldenSpecification {
  /// The model that named tensors are the weights of; nil for a quadratic function.
  func model(of parameters: NamedTensors) -> (any SupervisedModel)? {
    func tensor(_ layer: Int, _ kind: String, _ name: String) -> Tensor {
      parameters["\(layerName(layer, kind))/\(name)"]
    }
    func dense(_ layer: Int) -> Dense {
      Dense(weight: tensor(layer, "dense", "weight"), bias: tensor(layer, "dense", "bias"))
    }
    return switch model {
    case .quadratic: nil
    case .perceptron(let layers):
      MultilayerPerceptron(layers: (0..<layers).map(dense), activation: activation)
    case .convolutional(let blocks):
      ConvolutionalNetwork(
        blocks: (0..<blocks).map { index in
          ConvolutionalNetwork.Block(
            convolution: Convolution(
              weight: tensor(2 * index, "convolution", "weight"),
              bias: tensor(2 * index, "convolution", "bias")),
            normalization: BatchNormalization(
              scale: tensor(2 * index + 1, "batch_norm", "scale"),
              offset: tensor(2 * index + 1, "batch_norm", "offset")))
        }, dense: dense(2 * blocks), activation: activation)
    }
  }

  /// The tensors with what their axes run over in the model.
  func naming(_ tensors: NamedTensors) -> NamedTensors {
    guard let model = model(of: tensors) else { return tensors }
    return tensors.naming(
      Dictionary(uniqueKeysWithValues: zip(model.paths.map(\.description), model.axes)))
  }
}
