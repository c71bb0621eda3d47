import TensorPrograms

/// What an inner step knows of time: scalars in the problem's type.
public struct StepTime: Sendable {
  /// Steps before this one.
  public let step: Tensor
  /// The inner schedule's value.
  public let multiplier: Tensor
}

/// An inner problem as a pure step: (state, rates, batch, time) → state.
///
/// An optimizer on a gradient is the usual way to make one; anything else that trains with rates can
/// be unrolled and differentiated just as well.
public protocol InnerStep: Sendable {
  /// The state before the first step; parameters come first.
  func initialState(_ parameters: [Tensor]) -> [Tensor]
  /// The state after a step, and the training loss before it.
  ///
  /// - Parameters:
  ///   - rates: one a parameter tensor, of its shape or stretching to it.
  ///   - scalars: the optimizer's learnable numbers.
  func callAsFunction(
    state: [Tensor], rates: [Tensor], scalars: [Tensor], dataset: [Tensor], batch: [Tensor],
    time: StepTime
  ) -> (state: [Tensor], loss: Tensor)
}

/// An optimizer's step on the gradient of a task's training loss.
public struct OptimizerStep<Task: LearningTask>: InnerStep {
  /// Whose loss is descended.
  public let task: Task
  /// The structure that the parameter tensors fill.
  public let template: Task.Parameters
  /// The update.
  public let optimizer: Optimizer
  /// What happens to gradients before the update, in order.
  public let transformations: [ClipSpecification]

  /// A step of the given optimizer.
  public init(
    task: Task, template: Task.Parameters, optimizer: Optimizer,
    transformations: [ClipSpecification]
  ) {
    self.task = task
    self.template = template
    self.optimizer = optimizer
    self.transformations = transformations
  }

  /// Parameters, then the optimizer's slots.
  public func initialState(_ parameters: [Tensor]) -> [Tensor] {
    parameters + optimizer.initialState(parameters.map(\.type)).tensors
  }

  /// Gradient, transformations, update.
  public func callAsFunction(
    state: [Tensor], rates: [Tensor], scalars: [Tensor], dataset: [Tensor], batch: [Tensor],
    time: StepTime
  ) -> (state: [Tensor], loss: Tensor) {
    let count = rates.count
    let parameters = Array(state.prefix(count))
    let (loss, gradient) = valueAndGradient(at: parameters) {
      task.trainingLoss(template.replacingTensors($0), dataset: dataset, batch: batch)
    }
    let transformed = transformations.reduce(gradient) { $1($0) }
    let (next, slots) = optimizer.update(
      parameters, gradients: transformed,
      state: OptimizerState(tensors: Array(state.dropFirst(count)), parameterCount: count),
      rates: rates, scalars: scalars, step: time.step, multiplier: time.multiplier)
    return (next + slots.tensors, loss)
  }
}
