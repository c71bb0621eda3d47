import Settings
import TensorPrograms

/// A network that learns to answer like another one: normal inputs, and targets that are a random
/// teacher's outputs and some noise.
///
/// No example is ever seen twice, and every run has examples of its own, so that nothing can be
/// learned by heart. Runs are evaluated by the squared distance from what the teacher says, without
/// noise.
public struct TeacherTask<Model: SupervisedModel>: LearningTask {
  /// Who teaches.
  public let teacher: Teacher
  /// Numbers that both networks see.
  public let inputs: Int
  /// Numbers that both networks answer with.
  public let outputs: Int
  /// The standard deviation of what is added to the targets of training.
  public let noise: Double
  /// Examples to evaluate on.
  public let query: Int
  /// Single or double precision.
  public let scalarType: ScalarType
  private let drawTeacher: @Sendable (inout RandomStream) -> MultilayerPerceptron
  private let drawLearner: @Sendable (inout RandomStream) -> Model
  /// A learner that only says what its passes draw.
  private let template: Model

  /// A teacher and a learner, each drawn with fresh weights.
  public init(
    inputs: Int, outputs: Int, noise: Double, query: Int, teacher: Teacher,
    scalarType: ScalarType,
    drawTeacher: @escaping @Sendable (inout RandomStream) -> MultilayerPerceptron,
    drawLearner: @escaping @Sendable (inout RandomStream) -> Model
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.noise = noise
    self.query = query
    self.teacher = teacher
    self.scalarType = scalarType
    self.drawTeacher = drawTeacher
    self.drawLearner = drawLearner
    var weights = RandomStream(seed: 0, purpose: "template")
    template = drawLearner(&weights)
  }

  /// The learner with fresh weights.
  public func initialParameters(from stream: inout RandomStream) -> Model { drawLearner(&stream) }

  /// Inputs [steps, batch, inputs] and targets [steps, batch, outputs]; `query` examples to
  /// evaluate on. Each step has a stream of its own, so that a run can be cut into windows.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var names = request.stream
    let seed = names.next()
    let teacher = teacher(ofRun: seed)

    func examples(_ count: Int, _ stream: inout RandomStream, noise: Double) -> [Tensor] {
      let x = Tensor(TensorType([count, inputs], scalarType)) { stream.normal() }
      let answers = teacher(x)
      guard noise > 0 else { return [x, answers] }
      return [x, answers + Tensor(answers.type) { noise * stream.normal() }]
    }
    let steps = (request.start..<request.start + request.steps).map { step in
      var stream = RandomStream(seed: seed, purpose: "teacher examples", index: UInt64(step))
      return examples(request.batch, &stream, noise: noise)
    }
    var evaluation = RandomStream(seed: seed, purpose: "teacher query")
    for part in [0, 1] { episode.addSteps(.stack(steps.map { $0[part] })) }
    template.draw(request, batch: request.batch, scalarType, into: &episode)
    for tensor in examples(query, &evaluation, noise: 0) { episode.addEvaluation(tensor) }
  }

  /// A fresh teacher's weights are as random as the learner's.
  public var exchangedUnits: Set<String> { teacher == .fresh ? [Units.inputs, Units.targets] : [] }

  /// The mean squared error.
  public func trainingLoss(_ parameters: inout Model, dataset: [Tensor], batch: [Tensor]) -> Tensor
  {
    LossFunction.meanSquaredError(parameters.trained(on: batch[0], batch), batch[1])
  }

  /// The mean squared error of a learner that is not being trained.
  public func evaluationLoss(_ parameters: Model, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    LossFunction.meanSquaredError(parameters(batch[0]), batch[1])
  }

  /// The examples of the batch.
  public func inputs(dataset: [Tensor], batch: [Tensor]) -> Tensor? { batch[0] }

  private func teacher(ofRun run: UInt64) -> MultilayerPerceptron {
    let seed = if case .fixed(let seed) = teacher { seed } else { run }
    var stream = RandomStream(seed: seed, purpose: "teacher")
    return drawTeacher(&stream)
  }
}

extension TeacherTask<MultilayerPerceptron> {
  /// A teacher and a learner that are perceptrons; the teacher's hidden units are the learner's
  /// unless said otherwise.
  public init(
    inputs: Int, outputs: Int = 1, hidden: [Int], teacherHidden: [Int]? = nil,
    activation: Activation, normalization: Normalization = .none, noise: Double,
    query: Int, teacher: Teacher = .fresh, scalarType: ScalarType
  ) {
    func network(_ hidden: [Int]) -> @Sendable (inout RandomStream) -> MultilayerPerceptron {
      { stream in
        MultilayerPerceptron(
          sizes: [inputs] + hidden + [outputs], activation: activation,
          normalization: normalization, from: &stream, scalarType)
      }
    }
    self.init(
      inputs: inputs, outputs: outputs, noise: noise, query: query, teacher: teacher,
      scalarType: scalarType, drawTeacher: network(teacherHidden ?? hidden),
      drawLearner: network(hidden))
  }
}

/// Who teaches.
public enum Teacher: Sendable, Equatable {
  /// A new teacher for every run.
  case fresh
  /// The same teacher for all runs: that of a seed.
  case fixed(seed: UInt64)
}

extension Form<Teacher> {
  /// `fresh`, or `fixed` with a seed.
  public static var teacher: Form {
    .choice(
      "a teacher",
      [
        Alternative("fresh", .fresh, "a new teacher for every run"),
        Alternative(
          "fixed", UInt64(0), "the same teacher for all runs",
          Setting("seed", \.self, .seed, "what the teacher's weights are drawn from"),
          value: { .fixed(seed: $0) },
          payload: { if case .fixed(let seed) = $0 { seed } else { nil } }),
      ])
  }
}
