import TensorPrograms

/// Everything that a batch of training runs starts from, as tensors with elements.
public struct EpisodeBatch: Sendable {
  /// What runs start from, shared by all or with a leading axis of runs: initial weights, or whole
  /// states of the inner step to go on from.
  public var initial: [Tensor]
  /// Whether `initial` has a leading axis of runs.
  public var hasOwnInitial: Bool
  /// The time of a stretch of a longer run; empty for whole runs from their first step.
  var clock: [Tensor] = []
  /// What estimators that draw at random draw from.
  public var stream = RandomStream(seed: 0, purpose: "estimators")
  /// Training data, [runs, steps, …].
  public var steps: [Tensor]
  /// Evaluation data, [runs, …].
  public var evaluation: [Tensor]

  /// How many runs there are.
  public var count: Int { steps.first?.shape[0] ?? evaluation[0].shape[0] }

  /// A batch of the given tensors.
  public init(initial: [Tensor], hasOwnInitial: Bool, steps: [Tensor], evaluation: [Tensor]) {
    self.initial = initial
    self.hasOwnInitial = hasOwnInitial
    self.steps = steps
    self.evaluation = evaluation
  }
}

extension EpisodeBatch {
  /// Standard normal tensors from the batch's stream for estimators, the same at each call.
  public func normals(_ types: [TensorType]) -> [Tensor] {
    var stream = stream
    return types.map { type in
      Tensor((0..<type.shape.count).map { _ in stream.normal() }, type)
    }
  }
}

extension InnerProblem {
  /// The runs numbered `indices` of a seed and role: each has weights and data of its own streams.
  ///
  /// - Parameters:
  ///   - role: what the runs are for.
  ///   - seed: what all their random numbers follow from.
  ///   - indices: the runs' numbers.
  ///   - shared: initial weights for all runs; freshly drawn ones for each where nil.
  ///   - start: steps of the runs that came before.
  public func batch(
    role: EpisodeRole, seed: UInt64, indices: Range<UInt64>, shared: [Tensor]? = nil,
    start: Int = 0
  ) -> EpisodeBatch {
    let episodes = indices.map { index in
      task.episode(
        EpisodeRequest(
          role: role, steps: specification.steps, batch: specification.batch, start: start,
          stream: RandomStream(seed: seed, purpose: "\(role.rawValue) data", index: index)))
    }
    let fresh =
      shared == nil ? indices.map { initialWeights(role: role, seed: seed, index: $0) } : []
    var batch = EpisodeBatch(
      initial: shared ?? (0..<parameters.count).map { k in Tensor.stack(fresh.map { $0[k] }) },
      hasOwnInitial: shared == nil,
      steps: episodes[0].steps.indices.map { k in Tensor.stack(episodes.map { $0.steps[k] }) },
      evaluation: episodes[0].evaluation.indices.map { k in
        Tensor.stack(episodes.map { $0.evaluation[k] })
      })
    batch.stream = RandomStream(
      seed: seed, purpose: "\(role.rawValue) estimators", index: indices.lowerBound)
    return batch
  }

  /// A stretch of runs that goes on from `states`, [runs, …], or begins with fresh weights where
  /// they are nil, `start` steps after the runs' first and of runs of `total` steps.
  package func stretch(
    role: EpisodeRole, seed: UInt64, indices: Range<UInt64>, from states: [Tensor]?, start: Int,
    of total: Int
  ) -> EpisodeBatch {
    var batch = batch(role: role, seed: seed, indices: indices, start: start)
    batch.initial = states ?? vmap(over: batch.initial) { step.initialState($0) }
    batch.clock = Clock.values(
      start..<start + specification.steps, of: total, schedule: specification.schedule,
      rates: rates, task.scalarType)
    return batch
  }

  /// Freshly drawn weights of one run.
  public func initialWeights(role: EpisodeRole, seed: UInt64, index: UInt64) -> [Tensor] {
    var stream = RandomStream(
      seed: seed, purpose: "\(role.rawValue) initial weights", index: index)
    return task.initialParameters(from: &stream).tensors
  }
}
