import MetaLearning
import TensorPrograms

extension RunConfiguration {
  /// A problem whose memory limit, if it has one, is replaced by the policy that keeps it in this
  /// run's outer loop.
  package func planned<Task: LearningTask>(
    _ problem: InnerProblem<Task>
  ) throws(MemoryError) -> InnerProblem<Task> {
    try problem.planned(memory, for: outer, seed: seed)
  }

  /// The same run with a memory limit replaced by the policy that keeps it on this machine: a run
  /// that is resumed elsewhere must go on with the bits that it began with.
  func withMemoryDecided() throws -> RunConfiguration {
    guard case .limit = memory else { return self }
    func policy(_ task: some LearningTask) throws -> UnrollMemory {
      try planned(try problem(task)).memory
    }
    var decided = self
    decided.memory = .policy(try policy(try makeTask()))
    return decided
  }

  /// What the reverse sweeps of a planned problem keep, in a few words: the policy, what it was
  /// chosen for, and what it costs.
  package func memoryText<Task: LearningTask>(_ problem: InnerProblem<Task>) -> String {
    var text = "memory policy \(problem.memory)"
    if case .limit = memory {
      text += ", the fastest that needs \(memory) with \(ExecutionOptions.current.workers) workers"
    }
    if case .binomial = problem.memory, let length = outer.estimator.sweptSteps(of: inner.steps) {
      let advanced = problem.memory.advancedSteps(length: length)
      text += "; \(advanced) steps advanced again in each reverse sweep"
    }
    return text
  }
}
