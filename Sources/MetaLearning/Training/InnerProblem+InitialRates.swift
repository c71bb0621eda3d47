import TensorPrograms

extension InnerProblem {
  /// The raw tensors that learning starts from.
  ///
  /// - Parameter seed: names the run whose gradients are measured, where they count.
  public func initialRaw(seed: UInt64) throws -> [Tensor] {
    try rates.specification.initial.raw(
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
    let types = weights.map(\.type) + task.dataset.map(\.type) + episode.steps.map(\.type)
    let squares = compile(types) { values in
      let weights = Array(values.prefix(weights.count))
      let start = step.initialState(weights)
      let dataset = Array(values.dropFirst(weights.count).prefix(task.dataset.count))
      let (sums, _) = Tensor.scan(
        weights.map { .zeros($0.type) }, slices: Array(values.suffix(episode.steps.count)),
        length: batches
      ) { sums, batch in
        let slope = gradient(at: weights) {
          trainingLoss($0, beside: start, dataset: dataset, batch: batch)
        }
        return (zip(sums, slope).map { $0 + $1 * $1 }, [])
      }
      return sums
    }(weights + task.dataset + episode.steps)
    return squares.map { $0.doubles.map { $0 / Double(batches) } }
  }
}
