import TensorPrograms

/// What runs came to, [runs, …], and the mean of their objectives' gradients.
struct DifferentiatedRuns: ParameterStructure {
  var outcomes: Outcome
  var gradient: Hyperparameters

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try outcomes.visit(path / "outcomes", body)
    try gradient.visit(path / "gradient", body)
  }
}

extension BatchArguments {
  /// Differentiates every run in a loop over runs, so that memory is that of the runs at work.
  func differentiated(
    _ run: (TracedRun) -> (stacked: Outcome, summed: Hyperparameters)
  ) -> DifferentiatedRuns {
    let (outcomes, gradient) = mapAndSum(run)
    let share = 1 / Double(batch.count)
    return DifferentiatedRuns(
      outcomes: outcomes, gradient: gradient.mapTensors { $0 * share })
  }
}
