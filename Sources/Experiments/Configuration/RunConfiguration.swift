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
  /// What the learning rates are.
  package var rates: RateSpecification
  /// How the objective's derivatives are computed.
  package var hypergradient: HypergradientConfiguration
  /// How the rates are learned.
  package var outer: OuterSpecification
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
    rates: RateSpecification = RateSpecification(),
    hypergradient: HypergradientConfiguration = HypergradientConfiguration(),
    outer: OuterSpecification = OuterSpecification(),
    checkpoint: CheckpointConfiguration = CheckpointConfiguration(), seed: UInt64 = 0,
    precision: Precision = .single, ablation: AblationConfiguration = AblationConfiguration()
  ) {
    self.name = name
    self.task = task
    self.model = model
    self.inner = inner
    self.rates = rates
    self.hypergradient = hypergradient
    self.outer = outer
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

/// How often a run is saved.
package struct CheckpointConfiguration: Sendable, Equatable {
  /// Outer steps between checkpoints.
  package var every: Int

  /// A checkpoint every step, unless said otherwise.
  package init(every: Int = 1) { self.every = every }
}
