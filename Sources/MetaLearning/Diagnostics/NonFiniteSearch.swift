import TensorPrograms

extension InnerProblem {
  /// The error for a hypergradient of which something is not finite; nil where all is well. Says
  /// which tensor of which inner step was the first, by doing the run again, whatever it costs.
  ///
  /// - Parameters:
  ///   - batch: what the hypergradient was computed on.
  ///   - targets: what of the hypergradient matters.
  ///   - step: the outer step, counted from 1.
  func nonFinite(
    _ result: Hypergradient, on batch: EpisodeBatch, at point: Hyperparameters,
    targets: [LearnTarget], step: Int
  ) -> NonFiniteError? {
    let groups = [
      (LearnTarget.rates, result.gradient.rates, rates.names, "rates"),
      (.initialWeights, result.gradient.initialWeights, parameters.paths, "initial weights"),
      (
        .optimizerScalars, result.gradient.scalars,
        self.step.scalars.names.map { ParameterPath([$0]) },
        "scalars"
      ),
    ]
    let learnedGroups = groups.filter { targets.contains($0.0) }
    let badRuns = result.objectives.indices.filter { !result.objectives[$0].isFinite }
    // Something inside a run may overflow without its objective, such as a second moment.
    let search = OverflowSearch(self, like: batch.run(0))
    for run in badRuns.isEmpty ? Array(0..<batch.count) : [badRuns[0]] {
      guard let found = search(batch.run(run), at: point) else { continue }
      let place = found.step.map { "inner step \($0) of run \(run)" } ?? "run \(run)"
      return NonFiniteError(
        step: step, innerStep: found.step, place: "\(place): \(found.tensor)", value: found.value)
    }
    if let run = badRuns.first {
      // An estimator that moves rates at random may overflow where the rates themselves do not.
      return NonFiniteError(
        step: step, place: "the objective of run \(run)", value: result.objectives[run])
    }
    for (_, tensors, names, kind) in learnedGroups {
      for (tensor, name) in zip(tensors, names) {
        guard let bad = tensor.doubles.first(where: { !$0.isFinite }) else { continue }
        let from = lastFiniteAdjoint(batch, at: point)
        return NonFiniteError(
          step: step, innerStep: from?.innerStep,
          place: "the hypergradient of \(kind) at \(name)", value: bad, cause: from?.words)
      }
    }
    return nil
  }

  /// Going back from the end, where the derivative with respect to the weights stops being finite
  /// in the first run where it does.
  private func lastFiniteAdjoint(
    _ batch: EpisodeBatch, at point: Hyperparameters
  ) -> (innerStep: Int, words: String)? {
    let adjointNorms = AdjointNorms(self, like: batch.run(0))
    let earlier = batch.earlierSteps
    for run in 0..<batch.count {
      let norms = adjointNorms(batch.run(run), at: point)
      guard let last = norms.lastIndex(where: { !$0.isFinite }) else { continue }
      let from = earlier + adjointNorms.steps[last] + 1
      let next =
        earlier + (last + 1 < norms.count ? adjointNorms.steps[last + 1] : specification.steps)
      return (
        from,
        "all losses are finite, but going back through run \(run) the derivative with respect to the "
          + "weights is not any more from inner step \(next) to \(from)"
      )
    }
    return nil
  }
}
