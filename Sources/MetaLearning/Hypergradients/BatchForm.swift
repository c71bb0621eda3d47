import TensorPrograms

/// How the arguments of a compiled function over runs are laid out: raw rates, scalars, initial
/// weights, the task's dataset, training data, evaluation data.
struct BatchForm: Sendable {
  let types: [TensorType]
  let runs: Int
  let hasOwnInitial: Bool
  private let raw: Int
  private let scalars: Int
  private let initial: Int
  private let dataset: Int
  private let steps: Int

  init<Task: LearningTask>(_ problem: InnerProblem<Task>, _ batch: EpisodeBatch) {
    let scalarValues = problem.scalars
    let shared = problem.task.dataset
    types =
      problem.rates.types + scalarValues.map(\.type) + batch.initial.map(\.type)
      + shared.map(\.type) + batch.steps.map(\.type) + batch.evaluation.map(\.type)
    runs = batch.count
    hasOwnInitial = batch.hasOwnInitial
    raw = problem.rates.types.count
    scalars = scalarValues.count
    initial = batch.initial.count
    dataset = shared.count
    steps = batch.steps.count
  }

  /// The arguments by name.
  struct Arguments {
    var raw: [Tensor]
    var scalars: [Tensor]
    /// Initial weights that all runs share; empty where each has its own.
    var sharedInitial: [Tensor]
    var dataset: [Tensor]
    /// What has a leading axis of runs: own initial weights, training and evaluation data.
    var slices: [Tensor]
  }

  func split(_ values: [Tensor]) -> Arguments {
    var rest = ArraySlice(values)
    func take(_ count: Int) -> [Tensor] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let (raw, scalars, initial, dataset) = (
      take(self.raw), take(self.scalars), take(self.initial), take(self.dataset)
    )
    return Arguments(
      raw: raw, scalars: scalars, sharedInitial: hasOwnInitial ? [] : initial, dataset: dataset,
      slices: (hasOwnInitial ? initial : []) + rest)
  }

  /// One run's initial weights and data.
  func run(_ arguments: Arguments, _ rows: [Tensor]) -> (
    initial: [Tensor], steps: [Tensor], evaluation: [Tensor]
  ) {
    let own = hasOwnInitial ? initial : 0
    return (
      hasOwnInitial ? Array(rows.prefix(own)) : arguments.sharedInitial,
      Array(rows.dropFirst(own).prefix(steps)), Array(rows.dropFirst(own + steps))
    )
  }

  /// Raw rates, scalars and shared initial weights from one list.
  func splitPoint(_ point: [Tensor]) -> (raw: [Tensor], scalars: [Tensor], initial: [Tensor]) {
    (
      Array(point.prefix(raw)), Array(point.dropFirst(raw).prefix(scalars)),
      Array(point.dropFirst(raw + scalars))
    )
  }
}
