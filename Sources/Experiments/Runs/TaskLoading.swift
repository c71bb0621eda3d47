import Checkpoints
import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// The type that everything is computed in.
  package var scalarType: ScalarType { precision == .single ? .float32 : .float64 }

  /// The task, with its data read and checked.
  package func makeTask() throws -> any LearningTask {
    var perceptron: (hidden: [Int], activation: Activation, normalization: Normalization) {
      guard let perceptron = model.perceptron else {
        fatalError("the configuration accepted the model \(model.kind) for \(task.kind)")
      }
      return perceptron
    }
    switch task {
    case .digits(let validation, let test):
      return try model.task(
        try .digits(scalarType), loss: .crossEntropy, validation: validation, test: test)
    case .hdf5(let file, let validation, let test, let loss):
      return try model.task(
        try ExampleTable(file: file, loss: loss, scalarType), loss: loss, validation: validation,
        test: test)
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
  /// - Throws: errors of the checkpoint that initial rates are to be read from.
  package func problem<Task: LearningTask>(_ task: Task) throws -> InnerProblem<Task> {
    guard case .given(let file) = rates.initial else { return problem(task, rates: rates) }
    let layout = ParameterLayout(template(task))
    return problem(
      task, rates: rates, given: try CheckpointRates.read(file, layout, as: scalarType))
  }

  /// The inner problem of a task with other rates than the configured ones.
  package func problem<Task: LearningTask>(
    _ task: Task, rates: RateSpecification, given: [Tensor]? = nil
  ) -> InnerProblem<Task> {
    InnerProblem(
      task: task, template: template(task), specification: inner, rates: rates,
      objective: outer.objective, memory: hypergradient.memory, givenRates: given)
  }

  /// Inner steps of the runs that rates are chosen and reported by.
  package var judgedSteps: Int { outer.validation.steps ?? inner.steps }

  private func template<Task: LearningTask>(_ task: Task) -> Task.Parameters {
    var stream = RandomStream(seed: seed, purpose: "template")
    return task.initialParameters(from: &stream)
  }
}
