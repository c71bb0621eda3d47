import TensorPrograms

/// The tensors of one training run inside a trace.
public struct TracedRun {
  /// Weights, or a whole state of the inner step to go on from.
  public var start: [Tensor]
  /// The rates' raw tensors.
  public var raw: [Tensor]
  /// The inner step's scalars.
  public var scalars: [Tensor]
  /// Tensors that all runs share.
  public var dataset: [Tensor]
  /// Training data, [steps, …].
  public var steps: [Tensor]
  /// What the trained weights are judged on.
  public var evaluation: [Tensor]
  /// The time of a stretch of a longer run; nil for a whole run from its first step.
  public var clock: Clock?
}

/// What a traced training run comes to.
public struct Outcome {
  /// What rates are learned for, a scalar.
  public var objective: Tensor
  /// The training loss before each step, [steps].
  public var trainingLosses: Tensor
  /// The inner step's state; parameters come first.
  public var state: [Tensor]
}

/// What a reverse sweep takes for constants; by default nothing, so that it is exact.
public struct ReverseTreatment: Sendable, Equatable {
  /// The last steps that are differentiated: weights, state, rates and scalars of those before are
  /// constants; nil for all.
  public var window: Int?
  /// Whether every gradient of the inner steps is a constant.
  public var isFirstOrder: Bool

  /// Nothing, unless said otherwise.
  public init(window: Int? = nil, isFirstOrder: Bool = false) {
    self.window = window
    self.isFirstOrder = isFirstOrder
  }
}

extension InnerProblem {
  /// A state to train from: as it is, or that of the first step where only weights are given.
  public func state(_ start: [Tensor]) -> [Tensor] {
    start.count == parameters.count ? step.initialState(start) : start
  }

  /// The model that a state of the inner step has come to: weights at the state's front, what the
  /// model keeps beside them at its end.
  public func model(_ state: [Tensor]) -> Task.Parameters {
    model(Array(state.prefix(parameters.count)), beside: state)
  }

  /// The model of the given weights with what it keeps beside them in a state.
  public func model(_ weights: [Tensor], beside state: [Tensor]) -> Task.Parameters {
    template.replacing(
      weights: weights, state: Array(state.suffix(template.state.tensors.count)))
  }

  /// The evaluation loss of the model that a state has come to.
  public func judged(_ state: [Tensor], _ run: TracedRun) -> Tensor {
    judged(Array(state.prefix(parameters.count)), beside: state, run)
  }

  /// The evaluation loss of weights.
  public func judged(_ weights: [Tensor], beside state: [Tensor], _ run: TracedRun) -> Tensor {
    task.evaluationLoss(
      model(weights, beside: state), dataset: run.dataset, batch: run.evaluation)
  }

  /// The loss of weights that the step from a state descends.
  public func trainingLoss(
    _ weights: [Tensor], beside state: [Tensor], dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    var model = model(weights, beside: state)
    return task.trainingLoss(&model, dataset: dataset, batch: batch)
  }

  /// Trains inside a trace and judges the result.
  public func outcome(
    _ run: TracedRun, treatment: ReverseTreatment = ReverseTreatment()
  ) -> Outcome {
    let length = specification.steps
    let weights = objective.weights(steps: length)
    let observe: (([Tensor]) -> Tensor)? = weights.map { _ in { judged($0, run) } }
    func train(_ start: [Tensor], _ range: Range<Int>, _ raw: [Tensor], _ scalars: [Tensor])
      -> Unroll.Result
    {
      Unroll(
        step: treatment.isFirstOrder ? step.withConstantGradients : step, rates: rates,
        memory: memory)(
          start, raw: raw, scalars: scalars, dataset: run.dataset,
          slices: run.steps.map { range == 0..<length ? $0 : $0.slice(range) },
          clock: run.clock.map { range == 0..<length ? $0 : $0.slice(range) } ?? clock(range),
          observe: observe)
    }

    var result: Unroll.Result
    if let window = treatment.window, window < length {
      let early = train(
        state(run.start).map { $0.withoutGradient() }, 0..<length - window,
        run.raw.map { $0.withoutGradient() }, run.scalars.map { $0.withoutGradient() })
      result = train(
        early.state.map { $0.withoutGradient() }, length - window..<length, run.raw, run.scalars)
      result.losses = .concatenate([early.losses.withoutGradient(), result.losses])
      if let before = early.observations, let after = result.observations {
        result.observations = .concatenate([before.withoutGradient(), after])
      }
    } else {
      result = train(state(run.start), 0..<length, run.raw, run.scalars)
    }

    return Outcome(
      objective: objective(of: result, run), trainingLosses: result.losses, state: result.state)
  }

  /// What rates are learned for, of a whole run.
  func objective(of result: Unroll.Result, _ run: TracedRun) -> Tensor {
    switch objective {
    case .final: return judged(result.state, run)
    case .training: return result.losses.mean()
    case .mean, .weighted:
      let observations = result.observations!
      let weights = objective.weights(steps: specification.steps)!
      return (observations * Tensor(weights, observations.type)).sum()
    }
  }
}
