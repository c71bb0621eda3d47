/// What the outer loop may learn.
public enum LearnTarget: String, Sendable, CaseIterable {
  /// The rates' raw tensors.
  case rates
  /// Initial weights that all runs share.
  case initialWeights
  /// The inner step's own numbers: momenta, decays, limits.
  case optimizerScalars
  /// Rates as the inner steps adapted them on their way: no hypergradient, and nothing beside it.
  case adaptedRates

  /// What a hypergradient can be taken with respect to.
  public static let differentiable: Set<LearnTarget> = [.rates, .initialWeights, .optimizerScalars]
}

/// Where a run's initial weights come from.
public enum InitialWeights: Sendable, Equatable {
  /// Drawn anew for each run.
  case fresh
  /// Drawn once, the same for all runs.
  case fixed
  /// Weights from elsewhere, such as a state of a checkpoint, named by `source`; the same for all
  /// runs. The inner problem has them.
  case given(source: String, state: LearnedState = .best)
}

/// How often learning is checked on runs that it does not see.
public struct ValidationSpecification: Sendable, Equatable {
  /// Outer steps between checks; 0 for none.
  public var every: Int
  /// Runs a check.
  public var tasks: Int
  /// Inner steps of those runs, and of test runs; nil for as many as are learned from.
  public var steps: Int?

  /// Eight runs every ten steps, unless said otherwise.
  public init(every: Int = 10, tasks: Int = 8, steps: Int? = nil) {
    self.every = every
    self.tasks = tasks
    self.steps = steps
  }
}

/// How the outer loop learns. What it learns for is the inner problem's objective.
public struct OuterSpecification: Sendable, Equatable {
  /// The update; any inner optimizer serves.
  public var optimizer: OptimizerSpecification
  /// Its rate.
  public var rate: Double
  /// What multiplies the rate.
  public var schedule: Schedule
  /// Outer steps.
  public var steps: Int
  /// What is learned.
  public var learn: [LearnTarget]
  /// How hypergradients are computed.
  public var estimator: EstimatorSpecification
  /// Inner runs an outer step.
  public var tasks: Int
  /// Where their initial weights come from.
  public var initialWeights: InitialWeights
  /// What happens to hypergradients before the update.
  public var clip: GradientTransformation?
  /// Whether runs go on from one outer step to the next.
  public var cadence: Cadence
  /// Inner steps of an outer step.
  public var horizon: Horizon
  /// First outer steps in which rates stay what they are while the rest is learned.
  public var frozenSteps: Int
  /// Checks without a new best after which learning ends; nil for never.
  public var patience: Int?
  /// Checks on runs that learning does not see.
  public var validation: ValidationSpecification

  /// 200 steps of Adam at rate 0.02 on the rates, eight fresh runs each, unless said otherwise.
  public init(
    optimizer: OptimizerSpecification = OptimizerSpecification(.adam), rate: Double = 0.02,
    schedule: Schedule = .constant, steps: Int = 200, learn: [LearnTarget] = [.rates],
    estimator: EstimatorSpecification = .reverse, tasks: Int = 8,
    initialWeights: InitialWeights = .fresh, clip: GradientTransformation? = nil,
    cadence: Cadence = .restarted, horizon: Horizon = .fixed, frozenSteps: Int = 0,
    patience: Int? = nil, validation: ValidationSpecification = ValidationSpecification()
  ) {
    self.optimizer = optimizer
    self.rate = rate
    self.schedule = schedule
    self.steps = steps
    self.learn = learn
    self.estimator = estimator
    self.tasks = tasks
    self.initialWeights = initialWeights
    self.clip = clip
    self.cadence = cadence
    self.horizon = horizon
    self.frozenSteps = frozenSteps
    self.patience = patience
    self.validation = validation
  }
}
