import TensorPrograms

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
    drawing(
      role: role, seed: seed, indices: indices, sharesInitialWeights: sharesInitialWeights,
      start: start, like: nil
    ).batch
  }

  /// The same, which idle workers begin to draw, perhaps like an earlier one.
  func drawing(
    role: EpisodeRole, seed: UInt64, indices: Range<UInt64>, sharesInitialWeights: Bool, start: Int,
    like earlier: BatchDrawing?
  ) -> BatchDrawing {
    let (data, weights) = ("\(role.rawValue) data", "\(role.rawValue) initial weights")
    return BatchDrawing(
      count: indices.count, steps: specification.steps, hasWeights: !sharesInitialWeights,
      stream: RandomStream(
        seed: seed, purpose: "\(role.rawValue) estimators", index: indices.lowerBound),
      like: earlier
    ) { position, first, episode in
      let index = indices.lowerBound + UInt64(position)
      if !sharesInitialWeights {
        for tensor in task.initialWeights(seed: seed, weights, index) { first.append(tensor) }
      }
      task.draw(
        EpisodeRequest(
          role: role, steps: specification.steps, batch: specification.batch, start: start,
          stream: RandomStream(seed: seed, purpose: data, index: index)), into: &episode)
    }
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
    task.initialWeights(role: role, seed: seed, index: index)
  }
}

extension LearningTask {
  /// Freshly drawn weights of one run.
  package func initialWeights(role: EpisodeRole, seed: UInt64, index: UInt64) -> [Tensor] {
    initialWeights(seed: seed, "\(role.rawValue) initial weights", index)
  }

  fileprivate func initialWeights(seed: UInt64, _ purpose: String, _ index: UInt64) -> [Tensor] {
    var stream = RandomStream(seed: seed, purpose: purpose, index: index)
    return initialParameters(from: &stream).tensors
  }
}
