import TensorPrograms

/// A task together with the way it is trained and the objective that rates are learned for.
public struct InnerProblem<Task: LearningTask>: Sendable {
  /// What is trained.
  public let task: Task
  /// The weights' structure; its values do not matter.
  public let template: Task.Parameters
  /// The weights' names and shapes.
  public let parameters: ParameterLayout
  /// How it is trained.
  public let specification: InnerSpecification
  /// The rates' raw tensors.
  public let rates: RateLayout
  /// What is judged: the last weights, or the mean over the steps.
  public let objective: ObjectiveSpecification
  /// What the reverse sweep keeps.
  public let memory: MemorySpecification

  /// An inner problem; `rates` may be made for another number of steps than are trained.
  public init(
    task: Task, template: Task.Parameters, specification: InnerSpecification,
    rates: RateSpecification, learnedSteps: Int? = nil, objective: ObjectiveSpecification = .final,
    memory: MemorySpecification = .storeAll
  ) {
    self.task = task
    self.template = template
    self.specification = specification
    self.objective = objective
    self.memory = memory
    parameters = ParameterLayout(template)
    self.rates = RateLayout(
      rates, parameters: parameters, steps: learnedSteps ?? specification.steps)
  }

  /// The optimizer's update.
  public var optimizer: Optimizer { Optimizer(specification.optimizer, role: .inner) }

  /// The numbers of the optimizer that can be learned, as they are specified.
  public var scalars: [Tensor] {
    specification.optimizer.scalarValues.map {
      Tensor([$0], TensorType(.scalar, task.scalarType))
    }
  }

  /// What a traced training run gives.
  struct Outcome {
    var objective: Tensor
    var trainingLosses: Tensor
    var final: [Tensor]
  }

  /// Trains inside a trace and judges the result.
  func outcome(
    parameters start: [Tensor], raw: [Tensor], scalars: [Tensor], dataset: [Tensor],
    steps: [Tensor], evaluation: [Tensor]
  ) -> Outcome {
    let unroll = Unroll(
      step: OptimizerStep(
        task: task, template: template, optimizer: optimizer,
        transformations: specification.clips),
      rates: rates, length: specification.steps, schedule: specification.schedule, memory: memory)
    func judged(_ tensors: [Tensor]) -> Tensor {
      task.evaluationLoss(template.replacingTensors(tensors), dataset: dataset, batch: evaluation)
    }
    let (final, losses, observations) = unroll(
      parameters: start, raw: raw, scalars: scalars, dataset: dataset, slices: steps,
      observe: objective == .mean ? judged : nil)
    return Outcome(
      objective: observations.map { $0.mean() } ?? judged(final), trainingLosses: losses,
      final: final)
  }
}
