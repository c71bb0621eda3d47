import TensorPrograms

/// A batch of runs that idle workers draw while others compute.
struct BatchDrawing: Sendable {
  private let count: Int
  private let steps: Int
  private let starts: TensorRow
  private let episodes: EpisodeRows
  private let hasWeights: Bool
  private let stream: RandomStream
  private let others: BackgroundWork

  /// Begins to draw.
  ///
  /// - Parameters:
  ///   - count: how many runs there are.
  ///   - steps: how many steps each has.
  ///   - hasWeights: whether runs have weights of their own.
  ///   - stream: what estimators draw from.
  ///   - earlier: a batch whose data may have the same types; without one, the first run is drawn
  ///     at once, to see.
  ///   - draw: writes the weights, if any, and the data of a run by its position.
  init(
    count: Int, steps: Int, hasWeights: Bool, stream: RandomStream, like earlier: BatchDrawing?,
    _ draw: @escaping @Sendable (Int, inout TensorRow, inout EpisodeRows) -> Void
  ) {
    (self.count, self.steps, self.hasWeights) = (count, steps, hasWeights)
    self.stream = stream
    var drawn = 0
    if let earlier, (earlier.count, earlier.steps, earlier.hasWeights) == (count, steps, hasWeights)
    {
      (starts, episodes) = (earlier.starts.anew, earlier.episodes.anew)
    } else {
      var (start, episode) = (
        TensorRow(firstOf: count), EpisodeRows(firstOf: count, steps: steps)
      )
      draw(0, &start, &episode)
      (starts, episodes) = (start, episode)
      drawn = 1
    }
    others = BackgroundWork(count: count - drawn) { [starts, episodes, drawn] position in
      let run = position + drawn
      var (start, episode) = (starts.row(run), episodes.row(run))
      draw(run, &start, &episode)
      start.finish()
      episode.finish()
    }
  }

  /// The batch, once all of it is drawn.
  var batch: EpisodeBatch {
    others.finish()
    var batch = EpisodeBatch(
      start: hasWeights ? .weights(starts.tensors) : nil, episode: episodes.episode)
    batch.stream = stream
    return batch
  }
}
