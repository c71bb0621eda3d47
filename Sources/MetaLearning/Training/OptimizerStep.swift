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
  private let layout: ParameterLayout
  private var hasConstantGradients = false

  /// A step of the specified optimizer.
  public init(task: Task, template: Task.Parameters, specification: InnerSpecification) {
    self.task = task
    self.template = template
    optimizer = specification.optimizer
    layout = ParameterLayout(template)
    transformations = specification.transformations
  }

  /// The optimizer's numbers, then those of the transformations.
  public var scalars: ScalarLayout {
    ScalarLayout(optimizer.scalars + transformations.numbers)
  }

  /// Parameters, the optimizer's slots, what the model keeps beside its weights.
  public func initialState(_ parameters: [Tensor]) -> [Tensor] {
    parameters + optimizer.initialState(parameters.map(\.type)).tensors + template.state.tensors
  }

  /// The parameters' paths, those behind the name of each slot, those of the model's own state.
  public func stateNames(_ parameters: [ParameterPath]) -> [ParameterPath] {
    parameters
      + optimizer.slotNames.flatMap { slot in
        parameters.map { ParameterPath([slot] + $0.components) }
      } + template.state.paths
  }

  /// For first-order hypergradients.
  public var withConstantGradients: Self {
    var copy = self
    copy.hasConstantGradients = true
    return copy
  }

  /// Gradient, transformations, update.
  public func callAsFunction(
    state: [Tensor], rates: [Tensor], scalars: [Tensor], dataset: [Tensor], batch: [Tensor],
    time: StepTime
  ) -> (state: [Tensor], loss: Tensor) {
    let parameters = Array(state.prefix(rates.count))
    let descent = descent(
      state: state, parameterCount: rates.count, scalars: scalars, dataset: dataset, batch: batch,
      time: time)
    let next = parameters.indices.map { index in
      parameters[index] - time.multiplier * rates[index] * descent.directions[index]
    }
    return (next + descent.rest, descent.loss)
  }

  /// A step without the weights' update.
  struct Descent {
    /// The training loss and its gradient, before any transformation.
    var loss: Tensor
    var gradient: [Tensor]
    /// What rates and schedule multiply.
    var directions: [Tensor]
    /// The state behind the weights: the optimizer's slots and the model's own.
    var rest: [Tensor]
  }

  func descent(
    state: [Tensor], parameterCount count: Int, scalars: [Tensor], dataset: [Tensor],
    batch: [Tensor], time: StepTime
  ) -> Descent {
    let parameters = Array(state.prefix(count))
    let rest = state.dropFirst(count)
    let slots = Array(rest.dropLast(template.state.tensors.count))
    let own = Array(rest.dropFirst(slots.count))
    var (values, gradient) = valuesAndGradient(at: parameters) {
      var model = template.replacing(weights: $0, state: own)
      let loss = task.trainingLoss(&model, dataset: dataset, batch: batch)
      return [loss] + model.state.tensors
    }
    if hasConstantGradients { gradient = gradient.map { $0.withoutGradient() } }
    let numbers = optimizer.scalars.count
    let transformed = transformations(
      gradient, parameters: parameters, scalars: Array(scalars.dropFirst(numbers)))
    let (directions, nextSlots) = optimizer.directions(
      layout.optimized(parameters), gradients: transformed,
      state: OptimizerState(tensors: slots, slots: optimizer.slotNames.count),
      scalars: Array(scalars.prefix(numbers)), step: time.step)
    return Descent(
      loss: values[0], gradient: gradient, directions: directions,
      rest: nextSlots.tensors + values.dropFirst())
  }
}
