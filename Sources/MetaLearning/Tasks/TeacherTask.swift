import TensorPrograms

/// A network that learns to answer like another one: normal inputs, and targets that are a random
/// teacher's outputs and some noise.
///
/// No example is ever seen twice, and every run has examples of its own, so that nothing can be
/// learned by heart. Runs are judged by the squared distance from what the teacher says, without
/// noise.
public struct TeacherTask: LearningTask {
  /// Who teaches.
  public enum Teacher: Sendable, Equatable {
    /// A new teacher for every run.
    case fresh
    /// The same teacher for all runs: that of a seed.
    case fixed(seed: UInt64)
  }

  /// Numbers that both networks see.
  public let inputs: Int
  /// Numbers that both networks answer with.
  public let outputs: Int
  /// The learning network's hidden units, layer by layer.
  public let hidden: [Int]
  /// The teacher's.
  public let teacherHidden: [Int]
  /// Both networks' activation.
  public let activation: Activation
  /// What normalises both networks' hidden layers.
  public let normalization: Normalization
  /// The standard deviation of what is added to the targets of training.
  public let noise: Double
  /// Examples to judge on.
  public let query: Int
  /// Who teaches.
  public let teacher: Teacher
  /// Single or double precision.
  public let scalarType: ScalarType

  /// A teacher and a learner; the teacher's hidden units are the learner's unless said otherwise.
  public init(
    inputs: Int, outputs: Int = 1, hidden: [Int], teacherHidden: [Int]? = nil,
    activation: Activation, normalization: Normalization = .none, noise: Double,
    query: Int = 256, teacher: Teacher = .fresh, scalarType: ScalarType
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.hidden = hidden
    self.teacherHidden = teacherHidden ?? hidden
    self.activation = activation
    self.normalization = normalization
    self.noise = noise
    self.query = query
    self.teacher = teacher
    self.scalarType = scalarType
  }

  /// The learner: normal weights of variance 1/inputs, zero biases.
  public func initialParameters(from stream: inout RandomStream) -> MultilayerPerceptron {
    network(hidden, from: &stream)
  }

  /// Inputs [steps, batch, inputs] and targets [steps, batch, outputs]; `query` examples to judge
  /// on. Each step has a stream of its own, so that a run can be cut into windows.
  public func episode(_ request: EpisodeRequest) -> Episode {
    var names = request.stream
    let seed = names.next()
    let teacher = teacher(ofRun: seed)

    func examples(_ count: Int, _ stream: inout RandomStream, noise: Double) -> [Tensor] {
      let x = Tensor(
        (0..<count * inputs).map { _ in stream.normal() }, TensorType([count, inputs], scalarType))
      let answers = teacher(x)
      guard noise > 0 else { return [x, answers] }
      let errors = (0..<count * outputs).map { _ in noise * stream.normal() }
      return [x, answers + Tensor(errors, answers.type)]
    }
    let steps = (request.start..<request.start + request.steps).map { step in
      var stream = RandomStream(seed: seed, purpose: "teacher examples", index: UInt64(step))
      return examples(request.batch, &stream, noise: noise)
    }
    var judging = RandomStream(seed: seed, purpose: "teacher query")
    return Episode(
      steps: [0, 1].map { part in .stack(steps.map { $0[part] }) },
      evaluation: examples(query, &judging, noise: 0))
  }

  /// The mean squared error.
  public func trainingLoss(
    _ parameters: MultilayerPerceptron, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { LossFunction.meanSquaredError(parameters(batch[0]), batch[1]) }

  private func teacher(ofRun run: UInt64) -> MultilayerPerceptron {
    let seed = if case .fixed(let seed) = teacher { seed } else { run }
    var stream = RandomStream(seed: seed, purpose: "teacher")
    return network(teacherHidden, from: &stream)
  }

  private func network(
    _ hidden: [Int], from stream: inout RandomStream
  ) -> MultilayerPerceptron {
    MultilayerPerceptron(
      sizes: [inputs] + hidden + [outputs], activation: activation, normalization: normalization,
      from: &stream, scalarType)
  }
}
