import TensorPrograms

/// A gradient of the outer objective, the mean over a batch of runs.
public struct Hypergradient: Sendable {
  /// Each run's objective.
  public var objectives: [Double]
  /// Each run's training loss before each step, [runs, steps].
  public var trainingLosses: Tensor
  /// With respect to the hyperparameters; none for what the estimator does not tell.
  public var gradient: Hyperparameters
  /// The mean over the runs of the squares of their gradients; there where the problem asks for it
  /// and the estimator tells runs apart.
  public var squares: Hyperparameters?
  /// The inner step's state after the last step, [runs, …]; there wherever it was asked for.
  public var state: TrainingState?

  /// What runs came to, with a gradient.
  public init(
    objectives: [Double], trainingLosses: Tensor, gradient: Hyperparameters, state: TrainingState?
  ) {
    self.objectives = objectives
    self.trainingLosses = trainingLosses
    self.gradient = gradient
    self.state = state
  }

  /// What runs came to, [runs, …], with a gradient.
  init(_ outcomes: Outcome, gradient: Hyperparameters, squares: Hyperparameters? = nil) {
    self.init(
      objectives: outcomes.objective.doubles, trainingLosses: outcomes.trainingLosses,
      gradient: gradient, state: outcomes.state)
    self.squares = squares
  }

  /// What an evaluation found, with a gradient that another program computed.
  public init(_ evaluation: Evaluation, gradient: Hyperparameters) {
    self.init(
      objectives: evaluation.objectives, trainingLosses: evaluation.trainingLosses,
      gradient: gradient, state: evaluation.state)
  }

  /// The mean objective.
  public var objective: Double { objectives.reduce(0, +) / Double(objectives.count) }

  /// The square root of the sum of squares over rates and initial weights.
  public var norm: Double { globalNorm(gradient.rates + gradient.initialWeights) }
}

/// The square root of the sum of squares of all elements.
public func globalNorm(_ structure: some ParameterStructure) -> Double {
  structure.tensors.reduce(0) { $0 + $1.summary.sumOfSquares }.squareRoot()
}
