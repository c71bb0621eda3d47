import TensorPrograms

/// An optimizer's step on the gradient of a task's training loss.
public struct OptimizerStep<Task: LearningTask>: InnerStep {
  /// Whose loss is descended.
  public let task: Task
  /// The structure that the parameter tensors fill.
  public let template: Task.Parameters
  /// The update.
  public let optimizer: any Optimizer
  /// What happens to gradients before the update, in order.
  public let transformations: [any GradientTransformation]
  /// The optimizer's numbers, then those of the transformations.
  public let scalars: ScalarLayout
  private let layout: ParameterLayout
  private var hasConstantGradients = false

  /// A step of the specified optimizer.
  public init(task: Task, template: Task.Parameters, specification: InnerSpecification) {
    self.task = task
    self.template = template
    optimizer = specification.optimizer
    layout = ParameterLayout(template)
    transformations = specification.transformations
    scalars = specification.scalars
  }

  /// The weights with an empty memory of them, and what the model keeps beside them.
  public func initialState(_ weights: [Tensor]) -> TrainingState {
    TrainingState(
      weights: weights, optimizer: optimizer.initialState(like: weights),
      model: template.state.tensors)
  }

  /// For first-order hypergradients.
  public var withConstantGradients: Self {
    var copy = self
    copy.hasConstantGradients = true
    return copy
  }

  /// Gradient, transformations, update.
  public func callAsFunction(
    _ state: TrainingState, rates: [Tensor], scalars: [Tensor], dataset: [Tensor],
    batch: [Tensor], time: StepTime
  ) -> (state: TrainingState, loss: Tensor) {
    let descent = descent(state, scalars: scalars, dataset: dataset, batch: batch, time: time)
    let weights = state.weights.indices.map { index in
      state.weights[index] - time.multiplier * rates[index] * descent.directions[index]
    }
    return (descent.next.replacing(weights: weights), descent.loss)
  }

  /// A step without the weights' update.
  struct Descent {
    /// The training loss and its gradient, before any transformation.
    var loss: Tensor
    var gradient: [Tensor]
    /// What rates and schedule multiply.
    var directions: [Tensor]
    /// The state after the step, but for the weights.
    var next: TrainingState
  }

  func descent(
    _ state: TrainingState, scalars: [Tensor], dataset: [Tensor], batch: [Tensor], time: StepTime
  ) -> Descent {
    var (loss, model, gradient) = valueAuxiliaryAndGradient(at: state.weights) {
      var model = template.replacing(weights: $0, state: state.model)
      let loss = task.trainingLoss(&model, dataset: dataset, batch: batch)
      return (loss, model.state.tensors)
    }
    if hasConstantGradients { gradient = gradient.map { $0.withoutGradient() } }
    let numbers = self.scalars.parts(of: scalars)
    let transformed = transformations(gradient, parameters: state.weights, scalars: numbers[1])
    var next = state
    next.model = model
    let directions: [Tensor]
    (directions, next.optimizer) = optimizer.directions(
      transformed, of: layout.optimized(state.weights), state: state.optimizer,
      scalars: numbers[0], step: time.step)
    return Descent(loss: loss, gradient: gradient, directions: directions, next: next)
  }
}
