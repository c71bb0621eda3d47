import TensorPrograms

/// Everything that a batch of training runs starts from, as tensors with elements.
public struct EpisodeBatch: ParameterStructure {
  /// What each run starts from, [runs, …]; nil where all start from the initial weights among the
  /// hyperparameters.
  public var start: RunStart?
  /// The time of a stretch of longer runs; nil for whole runs from their first step.
  public internal(set) var timeline: Timeline?
  /// Training data, [runs, steps, …], and evaluation data, [runs, …].
  public var episode: Episode
  /// What estimators that draw at random draw from.
  public var stream = RandomStream(seed: 0, purpose: "estimators")

  /// A batch of whole runs.
  public init(start: RunStart? = nil, episode: Episode) {
    self.start = start
    self.episode = episode
  }

  /// Starts, time, training data, evaluation data.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try start.visit(path / "start", body)
    try timeline.visit(path / "time", body)
    try episode.visit(path, body)
  }

  /// How many runs there are.
  public var count: Int { (episode.steps.first ?? episode.evaluation[0]).shape[0] }

  /// Steps of the runs before the first of the batch, where it is a stretch of longer ones.
  var earlierSteps: Int { timeline.map { Int($0.times.step.doubles[0]) } ?? 0 }

  /// One run as a batch of its own.
  func run(_ index: Int) -> EpisodeBatch {
    func row(_ tensor: Tensor) -> Tensor { tensor.slice(index..<index + 1) }
    var batch = self
    batch.start = start?.mapTensors(row)
    batch.episode = episode.mapTensors(row)
    return batch
  }
}

extension EpisodeBatch {
  /// Standard normal tensors from the batch's stream for estimators, the same at each call.
  public func normals(_ types: [TensorType]) -> [Tensor] {
    var stream = stream
    return types.map { Tensor($0) { stream.normal() } }
  }
}
