import TensorPrograms

/// The tensors of one training run inside a trace.
public struct TracedRun {
  /// The point that the run is at.
  public var hyperparameters: Hyperparameters
  /// What it starts from; nil for the initial weights among the hyperparameters.
  public var start: RunStart?
  /// Tensors that all runs share.
  public var dataset: [Tensor]
  /// Training data, [steps, …], and what the trained weights are evaluated on.
  public var episode: Episode
  /// The time of a stretch of a longer run; nil for a whole run from its first step.
  public var timeline: Timeline?

  /// The same run with the tensors of another point wherever that has some.
  public func at(_ point: Hyperparameters) -> TracedRun {
    var run = self
    run.hyperparameters = hyperparameters.replacing(point)
    return run
  }
}

extension InnerProblem {
  /// The state that a run starts from.
  public func start(of run: TracedRun) -> TrainingState {
    switch run.start {
    case nil: step.initialState(run.hyperparameters.initialWeights)
    case .weights(let weights): step.initialState(weights)
    case .state(let state): state
    }
  }

  /// The time of a run's steps.
  public func timeline(of run: TracedRun) -> Timeline {
    run.timeline ?? timeline(0..<specification.steps)
  }

  /// The model that a state has come to: its weights with what the model keeps beside them.
  public func model(_ state: TrainingState) -> Task.Parameters {
    template.replacing(weights: state.weights, state: state.model)
  }

  /// The evaluation loss of the model that a state has come to, a scalar.
  public func evaluationLoss(_ state: TrainingState, _ run: TracedRun) -> Tensor {
    task.evaluationLoss(model(state), dataset: run.dataset, batch: run.episode.evaluation)
  }

  /// The loss that the step from a state descends, a scalar.
  public func trainingLoss(
    _ state: TrainingState, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    var model = model(state)
    return task.trainingLoss(&model, dataset: dataset, batch: batch)
  }

  /// The gradient of the evaluation loss with respect to a state's weights, and the loss.
  func evaluationGradient(
    _ state: TrainingState, _ run: TracedRun
  ) -> (value: Tensor, gradient: [Tensor]) {
    valueAndGradient(at: state.weights) { evaluationLoss(state.replacing(weights: $0), run) }
  }

  /// The gradient of the training loss with respect to a state's weights.
  func trainingGradient(
    _ state: TrainingState, dataset: [Tensor], batch: [Tensor]
  ) -> [Tensor] {
    gradient(at: state.weights) {
      trainingLoss(state.replacing(weights: $0), dataset: dataset, batch: batch)
    }
  }
}
