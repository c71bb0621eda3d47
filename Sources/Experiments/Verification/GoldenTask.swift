import MetaLearning
import TensorPrograms

/// The inner problem of a golden case; its data come with the case rather than from episodes.
struct GoldenTask: LearningTask {
  typealias Parameters = NamedTensors

  let specification: GoldenSpecification
  let initial: NamedTensors

  var scalarType: ScalarType { .float64 }

  func initialParameters(from stream: inout RandomStream) -> NamedTensors { initial }

  func episode(_ request: EpisodeRequest) -> Episode {
    fatalError("a golden case brings its data along")
  }

  func trainingLoss(_ parameters: NamedTensors, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    switch specification.model {
    case .quadratic:
      QuadraticParameters(weight: parameters["000_quadratic/weight"])
        .loss(curvatures: batch[0], targets: batch[1])
    case .perceptron(let layers):
      specification.loss(
        MultilayerPerceptron(
          layers: (0..<layers).map { index in
            Dense(
              weight: parameters["\(layerName(index, "dense"))/weight"],
              bias: parameters["\(layerName(index, "dense"))/bias"])
          }, activation: specification.activation)(batch[0]), batch[1])
    }
  }
}
