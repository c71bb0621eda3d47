import MetaLearning
import Settings
import TensorPrograms

/// Random waves a·sin(b·x), seen at a few points with noise: a new one for each run.
struct WaveTask<Model: SupervisedModel>: LearningTask {
  let waves: Waves
  let drawing: ModelDrawing<Model>
  let scalarType: ScalarType

  func initialParameters(from stream: inout RandomStream) -> Model { drawing.draw(&stream) }

  func episode(_ request: EpisodeRequest) -> Episode {
    var stream = request.stream
    let (height, pitch) = (stream.uniform(1, 2), stream.uniform(1, 3))
    func points(_ count: Int, noise: Double) -> [Tensor] {
      let type = TensorType([count, 1], scalarType)
      let x = Tensor((0..<count).map { _ in stream.uniform(-2, 2) }, type)
      let errors = Tensor((0..<count).map { _ in noise * stream.normal() }, type)
      return [x, height * (pitch * x).sin() + errors]
    }
    let steps = (0..<request.steps).map { _ in points(request.batch, noise: waves.noise) }
    let stacked = [0, 1].map { part in Tensor.stack(steps.map { $0[part] }) }
    return Episode(steps: stacked, evaluation: points(50, noise: 0))
  }

  func trainingLoss(_ model: Model, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    LossFunction.meanSquaredError(model(batch[0]), batch[1])
  }
}

struct Waves: TaskKind {
  var noise = 0.1

  static let word = "waves"
  static let schema = Schema<Self>(
    "random waves seen through noise",
    Setting("noise", \.noise, .number(.nonnegative), "standard deviation of the noise"))

  var bringsItsModel: Bool { false }

  func task(_ context: TaskContext) throws -> any LearningTask {
    try task(context.model, context.scalar)
  }

  private func task(_ model: some ModelKind, _ scalar: ScalarType) throws -> any LearningTask {
    let form = ExampleForm(inputs: [1], outputs: 1, scalar: scalar)
    return WaveTask(waves: self, drawing: try model.drawing(for: form), scalarType: scalar)
  }
}
