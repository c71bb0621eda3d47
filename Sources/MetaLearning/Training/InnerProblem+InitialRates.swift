import TensorPrograms

extension InnerProblem {
  /// The unconstrained tensors that learning starts from.
  ///
  /// - Parameter seed: names the run whose gradients are measured, where they count.
  /// - Throws: `RateError` for rates that cannot be, or for an offset that nothing identifies, and
  ///   whatever reading rates from elsewhere may throw.
  public func initialRates(seed: UInt64) throws -> [Tensor] {
    try rates.requireIdentified()
    let base = try rates.specification.initial.unconstrained(
      RateStart(
        layout: rates.base, whole: rates, optimizer: specification.optimizer,
        gradientMeanSquares: { gradientMeanSquares(seed: seed, batches: $0) },
        gradientCurvatures: { gradientCurvatures(seed: seed, batches: $0) }))
    // Some initial rates come with offsets.
    let own = rates.base.types.count
    return rates.starting(
      try rates.base.startingGroups(Array(base.prefix(own))) + base.dropFirst(own))
  }

  /// What measuring the initial rates costs, each time.
  public var costOfInitialRates: Budget {
    rates.specification.initial.cost(tensors: parameters.count)
  }

  /// The mean square of every parameter's gradient over the first batches of a training run of its
  /// own, at the run's initial weights.
  private func gradientMeanSquares(seed: UInt64, batches: Int) -> [[Double]] {
    let zeros = parameters.types.map { Tensor.zeros($0) }
    return means(seed: seed, batches: batches, from: zeros) { start, dataset, batch in
      trainingGradient(start, dataset: dataset, batch: batch).map { $0 * $0 }
    }.map(\.doubles)
  }

  /// The mean of each tensor's gᵀg and gᵀHg over the same batches at the same weights, where H is
  /// the tensor's own block of the Hessian.
  private func gradientCurvatures(
    seed: UInt64, batches: Int
  ) -> [(square: Double, curvature: Double)] {
    let zeros = parameters.types.map { _ in Tensor.zeros(TensorType([2], task.scalarType)) }
    return means(seed: seed, batches: batches, from: zeros) { start, dataset, batch in
      let gradient = trainingGradient(start, dataset: dataset, batch: batch)
      return gradient.indices.map { tensor in
        let direction = gradient.enumerated().map { $0 == tensor ? $1 : .zeros($1.type) }
        let moved = jvp(at: start.weights, along: direction) { weights in
          trainingGradient(start.replacing(weights: weights), dataset: dataset, batch: batch)
        }.tangent
        let own = [gradient[tensor]]
        return Tensor.stack([dot(own, own), dot(own, [moved[tensor]])])
      }
    }.map { ($0.doubles[0], $0.doubles[1]) }
  }

  /// Means of something over the first batches of a training run of its own, at the run's initial
  /// weights.
  private func means(
    seed: UInt64, batches: Int, from zeros: [Tensor],
    of value: (TrainingState, [Tensor], [Tensor]) -> [Tensor]
  ) -> [Tensor] {
    var stream = RandomStream(seed: seed, purpose: "gradient magnitude data")
    let episode = task.episode(
      EpisodeRequest(role: .training, steps: batches, batch: specification.batch, stream: stream))
    stream = RandomStream(seed: seed, purpose: "gradient magnitude weights")
    let weights = task.initialParameters(from: &stream).tensors
    let sums = withoutActuallyEscaping(value) { value in
      compile(like: weights, task.dataset, episode.steps) { weights, dataset, steps in
        let start = step.initialState(weights)
        return Tensor.scan(zeros, over: steps, length: batches) { sums, batch in
          (zip(sums, value(start, dataset, batch)).map { $0 + $1 }, NoTensors())
        }.carry
      }(weights, task.dataset, episode.steps)
    }
    return sums.map { $0 / Double(batches) }
  }
}
