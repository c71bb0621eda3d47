import MetaLearning

/// Everything that decides a run: equal configurations give equal results.
///
/// Written as YAML, read by a strict reader: see `ResolvedConfiguration`.
package struct RunConfiguration: Sendable, Equatable {
  /// The experiment's name, which its folder bears.
  package var name: String
  /// What is learned.
  package var task: TaskConfiguration
  /// What learns it; a noisy quadratic is its own model and does not read this.
  package var model: ModelConfiguration
  /// How weights are trained.
  package var inner: InnerSpecification
  /// Whose learned scalars the inner step uses, or learning starts from; nil for those of `inner`.
  package var initialScalars: CheckpointReference?
  /// What the learning rates are.
  package var rates: RateSpecification
  /// How the objective's derivatives are computed.
  package var hypergradient: HypergradientConfiguration
  /// How the rates are learned.
  package var outer: OuterSpecification
  /// What they are learned for.
  package var objective: ObjectiveSpecification
  /// How often the state is saved.
  package var checkpoint: CheckpointConfiguration
  /// What every random number follows from.
  package var seed: UInt64
  /// The type that everything is computed in.
  package var precision: Precision
  /// How baselines are tuned and compared.
  package var ablation: AblationConfiguration

  /// A configuration with the defaults of a file that names only itself and its task.
  package init(
    name: String, task: TaskConfiguration, model: ModelConfiguration = .mlp(),
    inner: InnerSpecification = InnerSpecification(),
    initialScalars: CheckpointReference? = nil,
    rates: RateSpecification = RateSpecification(),
    hypergradient: HypergradientConfiguration = HypergradientConfiguration(),
    outer: OuterSpecification = OuterSpecification(),
    objective: ObjectiveSpecification = .final,
    checkpoint: CheckpointConfiguration = CheckpointConfiguration(), seed: UInt64 = 0,
    precision: Precision = .single, ablation: AblationConfiguration = AblationConfiguration()
  ) {
    self.name = name
    self.task = task
    self.model = model
    self.inner = inner
    self.initialScalars = initialScalars
    self.rates = rates
    self.hypergradient = hypergradient
    self.outer = outer
    self.objective = objective
    self.checkpoint = checkpoint
    self.seed = seed
    self.precision = precision
    self.ablation = ablation
  }
}

/// The floating-point numbers of a run.
package enum Precision: String, Sendable, CaseIterable {
  /// 32 bits.
  case single
  /// 64 bits.
  case double
}

/// How hypergradients are computed, besides the estimator, which belongs to the outer loop.
package struct HypergradientConfiguration: Sendable, Equatable {
  /// What `reverse` keeps of the forward sweep.
  package var memory: MemorySpecification

  /// Segments, unless said otherwise.
  package init(memory: MemorySpecification = .segments) {
    self.memory = memory
  }
}

/// A state of a checkpoint that something starts from.
package struct CheckpointReference: Sendable, Equatable {
  /// The file.
  package var file: String
  /// Which of its states.
  package var state: LearnedState

  /// The best state of a file, unless said otherwise.
  package init(file: String, state: LearnedState = .best) {
    self.file = file
    self.state = state
  }
}

/// How often a run is saved; it is saved when it ends or stops as well.
package struct CheckpointConfiguration: Sendable, Equatable {
  /// What lies between checkpoints.
  package enum Interval: Sendable, Equatable {
    /// Outer steps.
    case steps(Int)
    /// Seconds, and a step under way.
    case seconds(Double)
  }

  /// What lies between checkpoints.
  package var every: Interval

  /// Half a minute, unless said otherwise: more often than anyone loses work, and rarely enough to
  /// cost short steps nothing.
  package init(every: Interval = .seconds(30)) { self.every = every }
}
