import TensorPrograms

/// What runs came to, [runs, …], and the mean of their objectives' gradients.
struct DifferentiatedRuns: ParameterStructure {
  var outcomes: Outcome
  var gradient: Hyperparameters
  /// The mean of the gradients' squares; nil where nobody asks for it.
  var squares: Hyperparameters?

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try outcomes.visit(path / "outcomes", body)
    try gradient.visit(path / "gradient", body)
    try squares.visit(path / "squares", body)
  }
}

extension BatchArguments {
  /// Differentiates every run in a loop over runs, so that memory is that of the runs at work.
  ///
  /// - Parameter keepsSquares: whether the mean of the gradients' squares is wanted too.
  func differentiated(
    keepsSquares: Bool, _ run: (TracedRun) -> (stacked: Outcome, summed: Hyperparameters)
  ) -> DifferentiatedRuns {
    let share = 1 / Double(batch.count)
    guard keepsSquares else {
      let (outcomes, gradient) = mapAndSum(run)
      return DifferentiatedRuns(
        outcomes: outcomes, gradient: gradient.mapTensors { $0 * share })
    }
    let (outcomes, moments) = mapAndSum { traced in
      let (outcome, gradient) = run(traced)
      return (outcome, GradientMoments(first: gradient, second: gradient.mapTensors { $0 * $0 }))
    }
    return DifferentiatedRuns(
      outcomes: outcomes, gradient: moments.first.mapTensors { $0 * share },
      squares: moments.second.mapTensors { $0 * share })
  }
}

/// Sums of gradients and of their squares.
private struct GradientMoments: ParameterStructure {
  var first: Hyperparameters
  var second: Hyperparameters

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try first.visit(path / "first", body)
    try second.visit(path / "second", body)
  }
}
