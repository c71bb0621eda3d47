import TensorPrograms

/// How the arguments of a compiled function over runs are laid out: raw rates, scalars, what runs
/// start from, the clock of a stretch, the task's dataset, training data, evaluation data.
public struct BatchForm: Sendable {
  /// The types of all arguments.
  public let types: [TensorType]
  /// Runs of a batch.
  public let runs: Int
  /// Whether each run has a start of its own.
  public let hasOwnInitial: Bool
  private let counts: [Int]

  /// The form of batches like the given one.
  public init<Task: LearningTask>(_ problem: InnerProblem<Task>, _ batch: EpisodeBatch) {
    let groups = [
      problem.rates.types, problem.scalars.map(\.type), batch.initial.map(\.type),
      batch.clock.map(\.type), problem.task.dataset.map(\.type), batch.steps.map(\.type),
      batch.evaluation.map(\.type),
    ]
    types = groups.flatMap { $0 }
    counts = groups.map(\.count)
    runs = batch.count
    hasOwnInitial = batch.hasOwnInitial
  }

  /// The arguments for a batch of this form.
  public static func arguments<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> [Tensor] {
    raw + scalars + batch.initial + batch.clock + problem.task.dataset + batch.steps
      + batch.evaluation
  }

  /// The arguments by name.
  public struct Arguments {
    /// The rates' raw tensors.
    public var raw: [Tensor]
    /// The inner step's scalars.
    public var scalars: [Tensor]
    /// What all runs start from; empty where each has its own start.
    public var sharedInitial: [Tensor]
    /// The time of a stretch; empty for whole runs.
    var clock: [Tensor]
    /// Tensors that all runs share.
    public var dataset: [Tensor]
    /// What has a leading axis of runs: own starts, training and evaluation data.
    public var slices: [Tensor]
  }

  /// The arguments of a compiled function by name.
  public func split(_ values: [Tensor]) -> Arguments {
    var rest = ArraySlice(values)
    let groups = counts.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    return Arguments(
      raw: groups[0], scalars: groups[1], sharedInitial: hasOwnInitial ? [] : groups[2],
      clock: groups[3], dataset: groups[4],
      slices: (hasOwnInitial ? groups[2] : []) + groups[5] + groups[6])
  }

  /// One run, from its rows of the slices.
  public func run(_ arguments: Arguments, _ rows: [Tensor]) -> TracedRun {
    let own = hasOwnInitial ? counts[2] : 0
    return TracedRun(
      start: hasOwnInitial ? Array(rows.prefix(own)) : arguments.sharedInitial,
      raw: arguments.raw, scalars: arguments.scalars, dataset: arguments.dataset,
      steps: Array(rows.dropFirst(own).prefix(counts[5])),
      evaluation: Array(rows.dropFirst(own + counts[5])),
      clock: arguments.clock.isEmpty ? nil : Clock(inputs: arguments.clock))
  }

  /// What is differentiated as one list: of raw rates, scalars and shared starts those asked for.
  public func point(_ arguments: Arguments, _ targets: Set<LearnTarget>) -> [Tensor] {
    let groups = [arguments.raw, arguments.scalars, arguments.sharedInitial]
    return zip(groups, pointCounts(targets)).flatMap { $0.prefix($1) }
  }

  /// The same run with what is differentiated taken from one list.
  public func run(_ run: TracedRun, at point: [Tensor], _ targets: Set<LearnTarget>) -> TracedRun {
    let groups = split(point: point, targets)
    var moved = run
    if !groups.raw.isEmpty { moved.raw = groups.raw }
    if !groups.scalars.isEmpty { moved.scalars = groups.scalars }
    if !groups.initial.isEmpty { moved.start = groups.initial }
    return moved
  }

  /// A list like that of `point` by group; groups that were not asked for are empty.
  public func split(
    point: [Tensor], _ targets: Set<LearnTarget>
  ) -> (raw: [Tensor], scalars: [Tensor], initial: [Tensor]) {
    let counts = pointCounts(targets)
    return (
      Array(point.prefix(counts[0])), Array(point.dropFirst(counts[0]).prefix(counts[1])),
      Array(point.dropFirst(counts[0] + counts[1]))
    )
  }

  private func pointCounts(_ targets: Set<LearnTarget>) -> [Int] {
    [
      targets.contains(.rates) ? counts[0] : 0,
      targets.contains(.optimizerScalars) ? counts[1] : 0,
      targets.contains(.initialWeights) && !hasOwnInitial ? counts[2] : 0,
    ]
  }
}
