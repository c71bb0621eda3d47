import MetaLearning
import Settings
import TensorPrograms

/// Everything that decides a run: equal configurations give equal results.
///
/// Written as YAML, read by a strict reader: see `ResolvedConfiguration`.
public struct RunConfiguration: Sendable {
  /// The experiment's name, which its folder bears.
  public var name: String
  /// What the experiment is to show, in words for readers; it decides nothing.
  public var claim: String?
  /// What is learned.
  public var task: any TaskKind
  /// What learns it; a task that brings its own model does not read this.
  public var model: any ModelKind
  /// How weights are trained.
  public var inner: InnerSpecification
  /// Whose learned scalars the inner step uses, or learning starts from; nil for those of `inner`.
  public var initialScalars: CheckpointReference?
  /// What the learning rates are.
  public var rates: RateSpecification
  /// What the reverse sweep keeps of the forward one.
  public var memory: MemorySpecification
  /// How the rates are learned.
  public var outer: OuterSpecification
  /// What they are learned for.
  public var objective: ObjectiveSpecification
  /// How trained weights are evaluated.
  public var evaluation = EvaluationSpecification()
  /// How often the state is saved.
  public var checkpoint: CheckpointConfiguration
  /// How often its history gets a row.
  public var history: HistoryConfiguration
  /// What every random number follows from.
  public var seed: UInt64
  /// The type that everything is computed in.
  public var precision: Precision
  /// How many test runs a report compares the start and the learned state on.
  public var testRuns = 20
  /// How baselines are tuned and compared.
  public var ablation: AblationConfiguration

  /// A configuration with the defaults of a file that names only itself and its task.
  public init(
    name: String, task: any TaskKind, model: any ModelKind = PerceptronKind(),
    inner: InnerSpecification = InnerSpecification(),
    initialScalars: CheckpointReference? = nil, rates: RateSpecification = RateSpecification(),
    memory: MemorySpecification = .policy(.segments),
    outer: OuterSpecification = OuterSpecification(),
    objective: ObjectiveSpecification = .final,
    checkpoint: CheckpointConfiguration = CheckpointConfiguration(),
    history: HistoryConfiguration = HistoryConfiguration(), seed: UInt64 = 0,
    precision: Precision = .single, ablation: AblationConfiguration = AblationConfiguration()
  ) {
    self.name = name
    self.task = task
    self.model = model
    self.inner = inner
    self.initialScalars = initialScalars
    self.rates = rates
    self.memory = memory
    self.outer = outer
    self.objective = objective
    self.checkpoint = checkpoint
    self.history = history
    self.seed = seed
    self.precision = precision
    self.ablation = ablation
  }

  /// The type that everything is computed in.
  public var scalarType: ScalarType { precision == .single ? .float32 : .float64 }

  /// Inner steps of the runs that rates are chosen and reported by.
  package var evaluationSteps: Int { outer.validation.steps ?? inner.steps }

  /// Inner steps of an ablation's test runs.
  package var testHorizons: [Int] { ablation.horizons ?? [evaluationSteps] }

  /// The task, with its data read and checked.
  ///
  /// - Parameter isReported: whether there must be test rows to report on.
  /// - Throws: `DataError` for data that cannot be read or divided as the configuration says.
  public func makeTask(isReported: Bool = false) throws -> any LearningTask {
    try task.task(
      TaskContext(
        model: model, scalar: scalarType, reportsOnTest: isReported, evaluation: evaluation))
  }
}

extension RunConfiguration: Equatable {
  /// YAML with every value spelled out; reading it gives an equal configuration. The model of a
  /// task that brings its own is not written.
  public var canonicalYAML: String { node.yaml }

  /// The same on one line of JSON with sorted keys, for hashes and checkpoints.
  public var canonicalJSON: String { node.json }

  /// Configurations are equal where everything that they spell out is, but for what they claim.
  public static func == (left: Self, right: Self) -> Bool {
    left.withoutClaim.canonicalJSON == right.withoutClaim.canonicalJSON
  }

  /// The same configuration for what is computed.
  package var withoutClaim: RunConfiguration {
    var copy = self
    copy.claim = nil
    return copy
  }
}

/// The floating-point numbers of a run.
public enum Precision: String, Sendable, CaseIterable {
  /// 32 bits.
  case single
  /// 64 bits.
  case double
}
