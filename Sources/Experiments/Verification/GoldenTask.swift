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

  /// Of inputs, targets, and a mask of 0 and 1 for each dropout.
  func trainingLoss(_ parameters: inout NamedTensors, dataset: [Tensor], batch: [Tensor]) -> Tensor
  {
    guard var model = specification.model.network(of: parameters) else {
      return quadratic(parameters, batch)
    }
    // What a mask drops lies below every dropout's rate, what it keeps above.
    let draws = batch.dropFirst(2).map { 2 * $0 - 1 }
    let outputs = model.trained(on: batch[0], batch.prefix(2) + draws)
    parameters = parameters.keeping(stateOf: model)
    return specification.loss.atPositions(outputs, batch[1])
  }

  func evaluationLoss(_ parameters: NamedTensors, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    guard let model = specification.model.network(of: parameters) else {
      return quadratic(parameters, batch)
    }
    let examples = Tensor((0..<batch[0].shape[0]).map(Int32.init))
    return specification.evaluation.mean(over: examples, in: scalarType) { rows in
      specification.loss.atPositions(
        model(batch[0].gather(rows)), batch[1].gather(rows))
    }
  }

  private func quadratic(_ parameters: NamedTensors, _ batch: [Tensor]) -> Tensor {
    QuadraticParameters(weight: parameters[GoldenModel.quadraticWeight])
      .loss(curvatures: batch[0], targets: batch[1])
  }
}

extension NamedTensors {
  /// The same tensors beside a model's state.
  func keeping(stateOf model: some SupervisedModel) -> NamedTensors { keeping(model.state) }
}
