import MetaLearning
import TensorPrograms

/// Effective rates of a run: those that learning started from, the best by validation, the last.
package struct LearnedRates: Sendable {
  /// The rates of one tensor.
  package struct Row: Sendable {
    package let name: String
    package let initial: [Double]
    /// Nil where nothing was validated, or nothing was finite.
    package let best: [Double]?
    package let last: [Double]
  }

  /// A row per tensor.
  package let rows: [Row]
  /// The outer step of the best rates.
  package let bestStep: Int?
  /// The outer step of the last rates.
  package let lastStep: Int

  init<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ state: OuterState, initial: [Tensor]
  ) {
    let best = state.best.map { problem.rates.expanded($0.learned.rates) }
    let last = problem.rates.expanded(state.learned.rates)
    rows = problem.parameters.paths.indices.map { index in
      Row(
        name: "\(problem.parameters.paths[index])", initial: initial[index].doubles,
        best: best?[index].doubles, last: last[index].doubles)
    }
    bestStep = state.best?.step
    lastStep = state.step
  }
}
