import TensorPrograms

extension SupervisedModel {
  /// Random numbers for the training passes of a run, [steps, …] for each of `drawShapes`: each
  /// step of the run has its own, in whatever stretches the run is trained.
  ///
  /// - Parameters:
  ///   - request: the stretch of the run.
  ///   - batch: examples a pass.
  ///   - scalar: the numbers' type.
  public func draws(
    for request: EpisodeRequest, batch: Int, _ scalar: ScalarType
  ) -> [Tensor] {
    let shapes = drawShapes(batch: batch)
    guard !shapes.isEmpty else { return [] }
    var names = request.stream
    let seed = names.next()
    return shapes.enumerated().map { position, shape in
      .stack(
        (request.start..<request.start + request.steps).map { step in
          var stream = RandomStream(
            seed: seed, purpose: "layer draws \(position)", index: UInt64(step))
          return Tensor(TensorType(shape, scalar)) { stream.uniform(0, 1) }
        })
    }
  }
}
