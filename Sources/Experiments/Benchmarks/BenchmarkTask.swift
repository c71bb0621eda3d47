import MetaLearning
import TensorPrograms

/// A benchmark's problem: its episodes are given, not drawn.
struct BenchmarkTask<Model: SupervisedModel>: LearningTask {
  /// Where a step's examples come from.
  enum Source {
    /// Row t of a step's slices holds inputs and targets.
    case slices
    /// Row t holds indices into the dataset's first two tensors; the loss is evaluated on the rest.
    case indices
  }
  let model: Model
  let loss: LossFunction
  let source: Source
  var dataset: [Tensor] = []

  var scalarType: ScalarType { .float32 }
  func initialParameters(from stream: inout RandomStream) -> Model { model }
  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    fatalError("a benchmark brings its data along")
  }

  func trainingLoss(
    _ parameters: inout Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    switch source {
    case .slices: loss.atPositions(parameters(batch[0]), batch[1])
    case .indices:
      loss(parameters(dataset[0].gather(batch[0])), dataset[1].gather(batch[0]))
    }
  }

  func evaluationLoss(
    _ parameters: Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    switch source {
    case .slices: loss.atPositions(parameters(batch[0]), batch[1])
    case .indices: loss(parameters(dataset[2]), dataset[3])
    }
  }
}
