import Arms
import Configurations
import MetaLearning

/// What a run will cost, known before anything of it is computed.
package enum RunCost {
  /// Inner steps of the whole run, those of validation and test runs included. At most so many are
  /// done: learning may end early.
  ///
  /// Whatever can be refused is refused here: data, checkpoints to start from, memory limits, and
  /// learning that the task cannot do.
  package static func checked(_ configuration: RunConfiguration) throws -> Budget {
    try checked(configuration, try configuration.makeTask(isReported: true))
  }

  private static func checked(
    _ configuration: RunConfiguration, _ task: some LearningTask
  ) throws -> Budget {
    let problem = try configuration.planned(try configuration.problem(task))
    try OuterLoop(
      problem, specification: configuration.outer, seed: configuration.seed, isDiagnosed: false
    ).requireMemory()
    return Budget(
      ofLearning: configuration.outer, steps: configuration.inner.steps, rates: problem.rates.count)
      + Budget(gradients: 2 * configuration.testRuns * configuration.evaluationSteps)
  }

  /// Inner steps of an outer step of a run with so many rates.
  static func ofOuterStep(_ configuration: RunConfiguration, rates: Int) -> Budget {
    Budget(of: configuration.outer, steps: configuration.inner.steps, rates: rates)
      .times(configuration.outer.tasks)
  }
}
