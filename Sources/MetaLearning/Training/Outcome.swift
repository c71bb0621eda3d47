import TensorPrograms

/// What a traced training run comes to.
public struct Outcome: ParameterStructure {
  /// What rates are learned for, a scalar.
  public var objective: Tensor
  /// The training loss before each step, [steps].
  public var trainingLosses: Tensor
  /// The inner step's state after the last step; nil where nobody asks for it.
  public var state: TrainingState?

  /// The given tensors.
  public init(objective: Tensor, trainingLosses: Tensor, state: TrainingState?) {
    self.objective = objective
    self.trainingLosses = trainingLosses
    self.state = state
  }

  /// Objective, training losses, state.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "objective", &objective)
    try body(path / "training_losses", &trainingLosses)
    try state.visit(path / "state", body)
  }
}

extension InnerProblem {
  /// Trains inside a trace and evaluates the result.
  public func outcome(
    _ run: TracedRun, treatment: ReverseTreatment = ReverseTreatment()
  ) -> Outcome {
    let length = specification.steps
    let observe = observation(of: run)
    let unroll = Unroll(
      step: treatment.isFirstOrder ? step.withConstantGradients : step, rates: rates,
      memory: memory)
    let start = start(of: run)

    var result: Unroll.Result
    if let window = treatment.window, window < length {
      let (before, after) = (0..<length - window, length - window..<length)
      // What the sweep does not reach is constant.
      var early = unroll(
        start.withoutGradient(), run.hyperparameters.withoutGradient(), dataset: run.dataset,
        steps: run.episode.steps.map { $0.slice(before) }, timeline: stretch(before),
        observe: observe)
      early.report = early.report.withoutGradient()
      result = unroll(
        early.state.withoutGradient(), run.hyperparameters, dataset: run.dataset,
        steps: run.episode.steps.map { $0.slice(after) }, timeline: stretch(after),
        observe: observe)
      result.report = early.report.mapTensors(with: result.report) {
        Tensor.concatenate([$0, $1])
      }
    } else {
      result = unroll(
        start, run.hyperparameters, dataset: run.dataset, steps: run.episode.steps,
        timeline: timeline(of: run), observe: observe)
    }
    return Outcome(
      objective: objective(of: result, run), trainingLosses: result.report.loss,
      state: result.state)

    func stretch(_ range: Range<Int>) -> Timeline {
      run.timeline?.slice(range) ?? timeline(range)
    }
  }

  /// What is observed of each step for the objective's sake; nil where that is nothing.
  func observation(of run: TracedRun) -> ((TrainingState) -> Tensor)? {
    objective.weights(steps: specification.steps).map { _ in { evaluationLoss($0, run) } }
  }

  /// What rates are learned for, of a whole run.
  func objective(of result: Unroll.Result, _ run: TracedRun) -> Tensor {
    switch objective {
    case .final: return evaluationLoss(result.state, run)
    case .training: return result.report.loss.mean()
    case .mean, .weighted:
      let observations = result.report.observation!
      let weights = objective.weights(steps: specification.steps)!
      return (observations * Tensor(weights, observations.type)).sum()
    }
  }
}

extension ParameterStructure {
  /// The structure, of which derivatives take every tensor for a constant.
  fileprivate func withoutGradient() -> Self { mapTensors { $0.withoutGradient() } }
}
