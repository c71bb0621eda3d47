import TensorPrograms

/// A task together with the way it is trained and the objective that rates are learned for.
public struct InnerProblem<Task: LearningTask>: Sendable {
  /// What is trained.
  public let task: Task
  /// The weights' structure, whose values do not matter, and the state that every run's model
  /// starts with, whose values do.
  public let template: Task.Parameters
  /// The weights' names and shapes.
  public let parameters: ParameterLayout
  /// How it is trained.
  public let specification: InnerSpecification
  /// What happens in a step.
  public let step: any InnerStep
  /// The unconstrained tensors behind the rates.
  public let rates: RateLayout
  /// What is evaluated: the last weights, or some mean over the steps.
  public let objective: ObjectiveSpecification
  /// What the reverse sweep keeps.
  public internal(set) var memory: UnrollMemory
  /// Whether hypergradients come with the mean of their runs' squares, from estimators that can.
  public internal(set) var keepsSquares = false
  /// Initial weights that runs share, where they are `given`.
  public let givenWeights: [Tensor]?
  /// Values of the step's scalars to use, or to learn from, in place of the specified ones.
  public let givenScalars: [Tensor]?
  /// The optimizer's and the transformations' numbers that can be learned, as they are specified or
  /// given.
  public let scalars: [Tensor]

  /// An inner problem of the given parts.
  ///
  /// - Parameters:
  ///   - task: what is trained.
  ///   - template: the weights' structure, and the state that every run's model starts with.
  ///   - specification: how it is trained.
  ///   - rates: what rates are.
  ///   - objective: what is evaluated.
  ///   - memory: what the reverse sweep keeps.
  ///   - givenWeights: initial weights that runs share, where they come from elsewhere.
  ///   - givenScalars: values of the step's scalars in place of the specified ones.
  ///   - hasFreshWeights: whether each run draws its own initial weights, which decides what
  ///     `Granularity.orbit` is.
  public init(
    task: Task, template: Task.Parameters, specification: InnerSpecification,
    rates: RateSpecification, objective: ObjectiveSpecification = .final,
    memory: UnrollMemory = .storeAll, givenWeights: [Tensor]? = nil,
    givenScalars: [Tensor]? = nil, hasFreshWeights: Bool = true
  ) {
    let symmetry = RateSymmetry(
      hasFreshWeights: hasFreshWeights && givenWeights == nil, exchangedUnits: task.exchangedUnits)
    self.init(
      task: task, template: template, specification: specification,
      rates: RateLayout(
        rates, parameters: ParameterLayout(template), steps: specification.steps,
        symmetry: symmetry),
      objective: objective, memory: memory, givenWeights: givenWeights,
      givenScalars: givenScalars)
  }

  private init(
    task: Task, template: Task.Parameters, specification: InnerSpecification, rates: RateLayout,
    objective: ObjectiveSpecification, memory: UnrollMemory, givenWeights: [Tensor]?,
    givenScalars: [Tensor]?
  ) {
    self.task = task
    self.template = template
    self.specification = specification
    self.rates = rates
    self.objective = objective
    self.memory = memory
    self.givenWeights = givenWeights
    self.givenScalars = givenScalars
    parameters = rates.parameters
    step = task.innerStep(specification, template: template)
    scalars = givenScalars ?? step.scalars.values(task.scalarType)
  }

  /// The same problem with another number of inner steps; rates stay what they are.
  public func training(for steps: Int) -> InnerProblem {
    var specification = specification
    specification.steps = steps
    return InnerProblem(
      task: task, template: template, specification: specification, rates: rates,
      objective: objective, memory: memory, givenWeights: givenWeights,
      givenScalars: givenScalars)
  }

  /// The same problem with other rates, made for as many steps as its own unless said otherwise.
  public func with(_ rates: RateSpecification, steps: Int? = nil) -> InnerProblem {
    var rates = rates
    // Which weights are trained is a part of the problem, not of how rates are chosen.
    if rates.groups.isEmpty { rates.groups = self.rates.specification.groups.frozen }
    return InnerProblem(
      task: task, template: template, specification: specification,
      rates: RateLayout(
        rates, parameters: parameters, steps: steps ?? self.rates.steps,
        symmetry: self.rates.symmetry),
      objective: objective, memory: memory, givenWeights: givenWeights, givenScalars: givenScalars)
  }

  /// The same problem, whose rates take units for exchangeable that fresh weights exchange.
  var assumingFreshWeights: InnerProblem {
    InnerProblem(
      task: task, template: template, specification: specification,
      rates: RateLayout(
        rates.specification, parameters: parameters, steps: rates.steps,
        symmetry: rates.symmetry.assumingFresh),
      objective: objective, memory: memory, givenWeights: givenWeights, givenScalars: givenScalars)
  }

  /// The trainable numbers that give the scalars.
  ///
  /// - Throws: `RateError` for a value at the edge of its range, such as a momentum of 0.
  public func unconstrainedScalars() throws(RateError) -> [Tensor] {
    guard let givenScalars else { return try step.scalars.unconstrained(task.scalarType) }
    var entries = step.scalars.entries
    for (index, scalar) in givenScalars.enumerated() { entries[index].value = scalar.scalar }
    return try ScalarLayout(entries).unconstrained(task.scalarType)
  }

  /// A whole run's time, or a stretch of it.
  public func timeline(_ range: Range<Int>) -> Timeline {
    Timeline(
      range, of: specification.steps, schedule: specification.schedule, rates: rates,
      task.scalarType)
  }

  /// The same problem, of which hypergradients come with the mean of their runs' squares.
  func keepingSquares(_ keepsSquares: Bool) -> InnerProblem {
    var copy = self
    copy.keepsSquares = keepsSquares
    return copy
  }

  /// The same problem under another memory policy.
  public func remembering(_ memory: UnrollMemory) -> InnerProblem {
    var copy = self
    copy.memory = memory
    return copy
  }
}

extension InnerProblem {
  /// What runs read of what the outer loop holds; scalars that are not learned are what they are
  /// specified or given as.
  public func hyperparameters(_ learned: Learned) -> Hyperparameters {
    Hyperparameters(
      rates: learned.rates, initialWeights: learned.initialWeights,
      scalars: learned.scalars.isEmpty ? scalars : step.scalars.effective(learned.scalars))
  }

  /// A hypergradient with respect to the unconstrained numbers behind the hyperparameters, as far
  /// as they are learned.
  package func pullback(_ gradient: Hyperparameters, at learned: Learned) -> Learned {
    Learned(
      rates: gradient.rates, initialWeights: gradient.initialWeights,
      scalars: learned.scalars.isEmpty
        ? [] : step.scalars.pullback(learned.scalars, gradient.scalars))
  }
}
