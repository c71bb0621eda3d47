import Checkpoints
import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// The type that everything is computed in.
  package var scalarType: ScalarType { precision == .single ? .float32 : .float64 }

  /// The task, with its data read and checked.
  ///
  /// - Parameter isReported: whether there must be test rows to report on.
  /// - Throws: `DataError` for data that cannot be read or divided as the configuration says.
  package func makeTask(isReported: Bool = false) throws -> any LearningTask {
    var perceptron: (hidden: [Int], activation: Activation, normalization: Normalization) {
      guard let perceptron = model.perceptron else {
        fatalError("the configuration accepted the model \(model.kind) for \(task.kind)")
      }
      return perceptron
    }
    switch task {
    case .digits(let validation, let test):
      return try model.task(
        try .digits(scalarType), loss: .crossEntropy,
        split: TableSplit(validation: validation, test: test, isReported: isReported))
    case .hdf5(let file, let validation, let test, let loss):
      return try model.task(
        try ExampleTable(file: file, loss: loss, scalarType), loss: loss,
        split: TableSplit(validation: validation, test: test, isReported: isReported))
    case .sinusoid(let support, let query):
      return SinusoidTask(
        support: support, query: query, hidden: perceptron.hidden,
        activation: perceptron.activation, normalization: perceptron.normalization,
        scalarType: scalarType)
    case .noisyQuadratic(let dimensions, let lowest, let highest, let noise, let expectation):
      let sampled = NoisyQuadraticTask(
        dimensions: dimensions, lowest: lowest, highest: highest, noise: noise,
        scalarType: scalarType)
      if expectation { return ExpectedQuadraticTask(of: sampled) }
      return sampled
    case .tracking(let inputs, let relevant, let interval):
      return TrackingTask(
        inputs: inputs, relevant: relevant, interval: interval, scalarType: scalarType)
    case .teacher(let inputs, let outputs, let noise, let query, let teacherHidden, let teacher):
      return TeacherTask(
        inputs: inputs, outputs: outputs, hidden: perceptron.hidden, teacherHidden: teacherHidden,
        activation: perceptron.activation, normalization: perceptron.normalization, noise: noise,
        query: query, teacher: teacher, scalarType: scalarType)
    }
  }

  /// The inner problem of a task, as configured.
  ///
  /// - Throws: errors of checkpoints that it is to start from.
  package func problem<Task: LearningTask>(_ task: Task) throws -> InnerProblem<Task> {
    try problem(task, rates: rates)
  }

  /// The inner problem of a task with other rates than the configured ones.
  ///
  /// - Throws: errors of checkpoints that it is to start from.
  package func problem<Task: LearningTask>(
    _ task: Task, rates: RateSpecification
  ) throws -> InnerProblem<Task> {
    let template = template(task)
    let given = try GivenStart(
      self, rates: rates, parameters: ParameterLayout(template),
      step: task.innerStep(inner, template: template))
    return InnerProblem(
      task: task, template: template, specification: inner, rates: rates, objective: objective,
      memory: hypergradient.memory, givenRates: given.rates, givenWeights: given.weights,
      givenScalars: given.scalars)
  }

  /// What a run takes from checkpoints, and what it leaves there, in words.
  func startNotes<Task: LearningTask>(_ task: Task) throws -> [String] {
    let template = template(task)
    return try GivenStart(
      self, rates: rates, parameters: ParameterLayout(template),
      step: task.innerStep(inner, template: template)
    ).notes
  }

  /// Inner steps of the runs that rates are chosen and reported by.
  package var judgedSteps: Int { outer.validation.steps ?? inner.steps }

  private func template<Task: LearningTask>(_ task: Task) -> Task.Parameters {
    var stream = RandomStream(seed: seed, purpose: "template")
    return task.initialParameters(from: &stream)
  }
}
