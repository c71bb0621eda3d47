import MetaLearning
import Settings
import TensorPrograms

/// Random waves a·sin(b·x), seen at a few points with noise: a new one for each run.
struct WaveTask<Model: SupervisedModel>: LearningTask {
  let waves: Waves
  let drawing: ModelDrawing<Model>
  let template: Model

  var scalarType: ScalarType { template.tensors[0].scalarType }
  func initialParameters(from stream: inout RandomStream) -> Model { drawing.draw(&stream) }

  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    let (height, pitch, seed) = (stream.uniform(1, 2), stream.uniform(1, 3), stream.next())
    func points(_ count: Int, _ place: Int, _ noise: Double) -> [Tensor] {
      var stream = RandomStream(seed: seed, purpose: "points", index: UInt64(place))
      let type = TensorType([count, 1], scalarType)
      let x = Tensor(type) { stream.uniform(-2, 2) }
      let errors = Tensor(type) { noise * stream.normal() }
      return [x, height * (pitch * x).sin() + errors]
    }
    let steps = (1...request.steps).map { points(request.batch, request.start + $0, waves.noise) }
    for part in [0, 1] { episode.addSteps(.stack(steps.map { $0[part] })) }
    template.draw(request, batch: request.batch, scalarType, into: &episode)
    for tensor in points(50, 0, 0) { episode.addEvaluation(tensor) }
  }

  func trainingLoss(_ model: inout Model, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    LossFunction.meanSquaredError(model.trained(on: batch[0], batch), batch[1])
  }

  func evaluationLoss(_ model: Model, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    LossFunction.meanSquaredError(model(batch[0]), batch[1])
  }
}

struct Waves: TaskKind {
  var noise = 0.1

  static let word = "waves"
  static let schema = Schema<Self>(
    "random waves seen through noise",
    Setting("noise", \.noise, .number(.nonnegative), "standard deviation of the noise"))

  func task(_ context: TaskContext) throws -> any LearningTask {
    func task(_ model: some ModelKind) throws -> any LearningTask {
      let form = ExampleForm(inputs: [1], outputs: 1, scalar: context.scalar)
      let drawing = try model.drawing(for: form)
      return WaveTask(waves: self, drawing: drawing, template: drawing.template())
    }
    return try task(context.model)
  }
}
