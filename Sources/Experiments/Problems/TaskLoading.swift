import Checkpoints
import Configurations
import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// The inner problem of a task, as configured.
  ///
  /// - Throws: errors of checkpoints that it is to start from.
  public func problem<Task: LearningTask>(_ task: Task) throws -> InnerProblem<Task> {
    try prepared(task).problem
  }

  /// The inner problem of a task; and what it takes from checkpoints and leaves there, in words.
  ///
  /// - Parameter startsFromRates: whether the initial rates are the configured ones; else their
  ///   checkpoint, if they have one, is neither looked at nor spoken of.
  /// - Throws: errors of checkpoints that it is to start from.
  package func prepared<Task: LearningTask>(
    _ task: Task, startsFromRates: Bool = true
  ) throws -> (problem: InnerProblem<Task>, startNotes: [String]) {
    var stream = RandomStream(seed: seed, purpose: "template")
    let template = task.initialParameters(from: &stream)
    let given = try GivenStart(
      self, references(withRates: startsFromRates), parameters: ParameterLayout(template),
      fresh: task.initialWeights(role: .training, seed: seed, index: 0),
      scalarLayout: task.innerStep(inner, template: template).scalars)
    // A limit becomes a policy by `planned`, which needs a problem.
    let policy: UnrollMemory = if case .policy(let policy) = memory { policy } else { .storeAll }
    let problem = InnerProblem(
      task: task, template: template, specification: inner, rates: rates, objective: objective,
      memory: policy, givenWeights: given.weights, givenScalars: given.scalars,
      hasFreshWeights: !outer.sharesInitialWeights && outer.cadence == .restarted)
    return (problem, task.notes + given.notes)
  }
}
