import TensorPrograms

/// What a compiled function over a batch of runs takes, and the runs that it makes of it.
///
/// ```swift
/// let objective = compile(like: BatchArguments.example(problem, batch)) { arguments in
///   arguments.mean { problem.outcome($0).objective }
/// }
/// let value = objective(BatchArguments(problem, batch, at: start))
/// ```
public struct BatchArguments: ParameterStructure {
  /// The point that the runs are at.
  public var hyperparameters: Hyperparameters
  /// Starts, time and data of the runs.
  public var batch: EpisodeBatch
  /// Tensors that all runs share.
  public var dataset: [Tensor]

  /// The arguments for a batch at the given point.
  public init<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch, at hyperparameters: Hyperparameters
  ) {
    self.hyperparameters = hyperparameters
    self.batch = batch
    dataset = problem.task.dataset
  }

  /// Arguments to compile for: those for batches like the given one, at zeros.
  public static func example<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch
  ) -> BatchArguments {
    BatchArguments(
      problem, batch,
      at: Hyperparameters(
        rates: problem.rates.types.map { .zeros($0) },
        initialWeights: batch.start == nil ? problem.parameters.types.map { .zeros($0) } : [],
        scalars: problem.scalars))
  }

  /// Hyperparameters, batch, dataset.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try hyperparameters.visit(path, body)
    try batch.visit(path, body)
    try dataset.visit(path / "dataset", body)
  }

  /// One of the runs.
  public func run(_ index: Int) -> TracedRun {
    run(batch.start?.mapTensors { $0[index] }, batch.episode.mapTensors { $0[index] })
  }

  /// Applies a function to each run in a loop, and stacks the results, [runs, …].
  public func map<Result: ParameterStructure>(_ task: (TracedRun) -> Result) -> Result {
    mapAndSum { (task($0), NoTensors()) }.stacked
  }

  /// The mean of a function over the runs.
  public func mean<Result: ParameterStructure>(_ term: (TracedRun) -> Result) -> Result {
    let share = 1 / Double(batch.count)
    return mapAndSum { (NoTensors(), term($0)) }.summed.mapTensors { $0 * share }
  }

  /// Applies a function to each run in a loop, stacks one of its results and sums the other.
  public func mapAndSum<Stacked: ParameterStructure, Summed: ParameterStructure>(
    _ task: (TracedRun) -> (stacked: Stacked, summed: Summed)
  ) -> (stacked: Stacked, summed: Summed) {
    Tensor.mapAndSum(over: batch.start, batch.episode, length: batch.count) { start, episode in
      task(run(start, episode))
    }
  }

  private func run(_ start: RunStart?, _ episode: Episode) -> TracedRun {
    TracedRun(
      hyperparameters: hyperparameters, start: start, dataset: dataset, episode: episode,
      timeline: batch.timeline)
  }
}
