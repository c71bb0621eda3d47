import Settings
import TensorPrograms

/// A teacher's answers as configurations choose them.
public struct TeacherKind: TaskKind {
  /// Numbers that both networks see.
  public var inputs: Int
  /// Numbers that both networks answer with.
  public var outputs: Int
  /// The standard deviation of what is added to the targets of training.
  public var noise: Double
  /// Examples to evaluate on.
  public var query: Int
  /// The teacher's hidden units; nil for those of `ModelKind.teacher`.
  public var teacherHidden: [Int]?
  /// Who teaches.
  public var teacher: Teacher

  /// The word for it.
  public static let word = "teacher"
  /// Sizes, noise, and who teaches.
  public static let schema = Schema<Self>(
    "regression of a random network's outputs",
    Setting("inputs", \.inputs, .integer(1...100_000), "numbers that both networks see"),
    Setting("outputs", \.outputs, .integer(1...100_000), "numbers that both networks answer with"),
    Setting(
      "noise", \.noise, .number(.nonnegative), "standard deviation of what is added to targets"),
    Setting("query", \.query, .integer(), unit: "examples", "examples to evaluate on"),
    Setting(
      "teacherHidden", \.teacherHidden, .optional(.layerSizes()), unit: "units",
      "the teacher's hidden layers; none for those that suit the learner"),
    Setting("teacher", \.teacher, .teacher, "who teaches"))

  /// Ten inputs, one output and noise of 0.1, unless said otherwise.
  public init(
    inputs: Int = 10, outputs: Int = 1, noise: Double = 0.1, query: Int = 256,
    teacherHidden: [Int]? = nil, teacher: Teacher = .fresh
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.noise = noise
    self.query = query
    self.teacherHidden = teacherHidden
    self.teacher = teacher
  }

  /// The squared error.
  public var loss: LossFunction? { .meanSquaredError }
  /// As many numbers as are configured.
  public func examples(_ scalar: ScalarType) -> ExampleForm? {
    ExampleForm(inputs: [inputs], outputs: outputs, scalar: scalar)
  }

  /// Teachers, or examples, of their own.
  public var testRunsTrainOn: String {
    teacher == .fresh
      ? "teachers that learning did not see"
      : "examples of the same teacher that learning did not see"
  }

  /// The task of the configured model; a teacher is a perceptron, like the learner where that is
  /// one.
  public func task(_ context: TaskContext) throws -> any LearningTask {
    try task(context.model, context.scalar)
  }

  private func task(
    _ model: some ModelKind, _ scalar: ScalarType
  ) throws(ModelError) -> any LearningTask {
    let examples = ExampleForm(inputs: [inputs], outputs: outputs, scalar: scalar)
    var teaching = model.teacher
    if let teacherHidden { teaching.hidden = teacherHidden }
    return TeacherTask(
      inputs: inputs, outputs: outputs, noise: noise, query: query, teacher: teacher,
      scalarType: scalar, drawTeacher: try teaching.drawing(for: examples).draw,
      drawLearner: try model.drawing(for: examples).draw)
  }
}
