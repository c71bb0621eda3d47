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

extension InnerProblem {
  /// The runs numbered `indices` of a seed and role: each has data of its own stream, and weights
  /// too unless all share those among the hyperparameters.
  ///
  /// - Parameters:
  ///   - role: what the runs are for.
  ///   - seed: what all their random numbers follow from.
  ///   - indices: the runs' numbers.
  ///   - sharesInitialWeights: whether all start from the weights among the hyperparameters.
  ///   - start: steps of the runs that came before.
  public func batch(
    role: EpisodeRole, seed: UInt64, indices: Range<UInt64>, sharesInitialWeights: Bool = false,
    start: Int = 0
  ) -> EpisodeBatch {
    batch(
      role: role, seed: seed, indices: indices, sharesInitialWeights: sharesInitialWeights,
      start: start, beside: {}
    ).batch
  }

  /// The same, drawn by other workers while the calling thread does something else.
  func batch<Result>(
    role: EpisodeRole, seed: UInt64, indices: Range<UInt64>, sharesInitialWeights: Bool,
    start firstStep: Int, beside work: () -> Result
  ) -> (batch: EpisodeBatch, result: Result) {
    let first = indices.lowerBound
    let (data, weights) = ("\(role.rawValue) data", "\(role.rawValue) initial weights")
    @Sendable func draw(_ position: Int, _ start: inout TensorRow, _ episode: inout EpisodeRows) {
      let index = first + UInt64(position)
      if !sharesInitialWeights {
        for tensor in initialWeights(seed: seed, weights, index) { start.append(tensor) }
      }
      task.draw(
        EpisodeRequest(
          role: role, steps: specification.steps, batch: specification.batch, start: firstStep,
          stream: RandomStream(seed: seed, purpose: data, index: index)), into: &episode)
      start.finish()
      episode.finish()
    }
    var starts = TensorRow(firstOf: indices.count)
    var episodes = EpisodeRows(firstOf: indices.count, steps: specification.steps)
    draw(0, &starts, &episodes)
    let (firstStart, firstEpisode) = (starts, episodes)
    let result = forEach(
      below: indices.count - 1,
      { position in
        var (start, episode) = (firstStart.row(position + 1), firstEpisode.row(position + 1))
        draw(position + 1, &start, &episode)
      }, beside: work)
    var batch = EpisodeBatch(
      start: sharesInitialWeights ? nil : .weights(starts.tensors),
      episode: episodes.episode)
    batch.stream = RandomStream(
      seed: seed, purpose: "\(role.rawValue) estimators", index: first)
    return (batch, result)
  }

  /// A stretch of runs that goes on from `states`, [runs, …], or begins with fresh weights where
  /// they are nil, `start` steps after the runs' first and of runs of `total` steps.
  package func stretch(
    role: EpisodeRole, seed: UInt64, indices: Range<UInt64>, from states: TrainingState?,
    start: Int, of total: Int
  ) -> EpisodeBatch {
    stretch(
      batch(
        role: role, seed: seed, indices: indices, sharesInitialWeights: states != nil,
        start: start),
      from: states, start: start, of: total)
  }

  /// The same of runs that have been drawn, with weights where there are no states.
  func stretch(
    _ runs: EpisodeBatch, from states: TrainingState?, start: Int, of total: Int
  ) -> EpisodeBatch {
    var batch = runs
    if let states {
      batch.start = .state(states)
    } else if case .weights(let weights) = batch.start {
      batch.start = .state(vmap(over: weights) { step.initialState($0) })
    }
    batch.timeline = Timeline(
      start..<start + specification.steps, of: total, schedule: specification.schedule,
      rates: rates, task.scalarType, isInput: true)
    return batch
  }

  /// Freshly drawn weights of one run.
  public func initialWeights(role: EpisodeRole, seed: UInt64, index: UInt64) -> [Tensor] {
    initialWeights(seed: seed, "\(role.rawValue) initial weights", index)
  }

  private func initialWeights(seed: UInt64, _ purpose: String, _ index: UInt64) -> [Tensor] {
    var stream = RandomStream(seed: seed, purpose: purpose, index: index)
    return task.initialParameters(from: &stream).tensors
  }
}
