import TensorPrograms

extension SupervisedModel {
  /// Writes random numbers for the training passes of a run, [steps, …] for each of `drawShapes`:
  /// each step of the run has its own, in whatever stretches the run is trained.
  ///
  /// - Parameters:
  ///   - request: the stretch of the run.
  ///   - batch: examples a pass.
  ///   - scalar: the numbers' type.
  ///   - episode: the run's data, whose training data end with these.
  public func draw(
    _ request: EpisodeRequest, batch: Int, _ scalar: ScalarType, into episode: inout EpisodeRows
  ) {
    let shapes = drawShapes(batch: batch)
    guard !shapes.isEmpty else { return }
    var names = request.stream
    let seed = names.next()
    for (position, shape) in shapes.enumerated() {
      var stream = request.stream
      episode.addSteps(TensorType(shape, scalar)) { element in
        if element % shape.count == 0 {
          stream = RandomStream(
            seed: seed, purpose: "layer draws \(position)",
            index: UInt64(request.start + element / shape.count))
        }
        return stream.uniform(0, 1)
      }
    }
  }
}
