import Checkpoints
import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// The task, with its data read and checked.
  ///
  /// - Parameter isReported: whether there must be test rows to report on.
  /// - Throws: `DataError` for data that cannot be read or divided as the configuration says.
  public func makeTask(isReported: Bool = false) throws -> any LearningTask {
    try task.task(TaskContext(model: model, scalar: scalarType, reportsOnTest: isReported))
  }

  /// The inner problem of a task, as configured.
  ///
  /// - Throws: errors of checkpoints that it is to start from.
  public func problem<Task: LearningTask>(_ task: Task) throws -> InnerProblem<Task> {
    try problem(task, rates: rates)
  }

  /// The inner problem of a task with other rates than the configured ones.
  ///
  /// - Throws: errors of checkpoints that it is to start from.
  public func problem<Task: LearningTask>(
    _ task: Task, rates: RateSpecification
  ) throws -> InnerProblem<Task> {
    let template = template(task)
    let given = try GivenStart(
      self, rates: rates, parameters: ParameterLayout(template),
      step: task.innerStep(inner, template: template))
    // A limit becomes a policy by `planned`, which needs a problem.
    let policy: UnrollMemory = if case .policy(let policy) = memory { policy } else { .storeAll }
    return InnerProblem(
      task: task, template: template, specification: inner, rates: rates, objective: objective,
      memory: policy, givenWeights: given.weights, givenScalars: given.scalars)
  }

  /// What a run takes from checkpoints, and what it leaves there, in words.
  ///
  /// - Parameter rates: those to start from in place of the configured ones.
  package func startNotes<Task: LearningTask>(
    _ task: Task, rates: RateSpecification? = nil
  ) throws -> [String] {
    let template = template(task)
    return try GivenStart(
      self, rates: rates ?? self.rates, parameters: ParameterLayout(template),
      step: task.innerStep(inner, template: template)
    ).notes
  }

  /// Inner steps of the runs that rates are chosen and reported by.
  package var evaluationSteps: Int { outer.validation.steps ?? inner.steps }

  private func template<Task: LearningTask>(_ task: Task) -> Task.Parameters {
    var stream = RandomStream(seed: seed, purpose: "template")
    return task.initialParameters(from: &stream)
  }
}
