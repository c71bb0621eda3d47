import TensorPrograms

extension InnerProblem {
  /// The unconstrained tensors that learning starts from.
  ///
  /// - Parameter seed: names the run whose gradients are measured, where they count.
  public func initialRates(seed: UInt64) throws -> [Tensor] {
    try rates.specification.initial.unconstrained(
      RateStart(layout: rates) { gradientMeanSquares(seed: seed, batches: $0) })
  }

  /// The mean square of every parameter's gradient over the first batches of a training run of its
  /// own, at the run's initial weights.
  private func gradientMeanSquares(seed: UInt64, batches: Int) -> [[Double]] {
    var stream = RandomStream(seed: seed, purpose: "gradient magnitude data")
    let episode = task.episode(
      EpisodeRequest(role: .training, steps: batches, batch: specification.batch, stream: stream))
    stream = RandomStream(seed: seed, purpose: "gradient magnitude weights")
    let weights = task.initialParameters(from: &stream).tensors
    let squares = compile(like: weights, task.dataset, episode.steps) {
      weights, dataset, steps in
      let start = step.initialState(weights)
      let zeros = weights.map { Tensor.zeros($0.type) }
      return Tensor.scan(zeros, over: steps, length: batches) { sums, batch in
        let slope = trainingGradient(start, dataset: dataset, batch: batch)
        return (zip(sums, slope).map { $0 + $1 * $1 }, NoTensors())
      }.carry
    }(weights, task.dataset, episode.steps)
    return squares.map { $0.doubles.map { $0 / Double(batches) } }
  }
}
