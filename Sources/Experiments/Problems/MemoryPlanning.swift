import Configurations
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

extension OuterLoop {
  /// Refuses a loop whose step needs more memory than is allowed.
  package func requireMemory() throws(MemoryRefusal) {
    try AllowedMemory.require(program.totalBytes, for: "an outer step")
  }
}
