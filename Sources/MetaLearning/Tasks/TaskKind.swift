import Settings
import TensorPrograms

/// What configurations choose to learn: the settings of a task, which becomes one beside a model.
///
/// A `LearningTask` that needs no model may be its own kind:
/// ```swift
/// extension WaveTask: TaskKind {
///   static let word = "wave"
///   static let schema = Schema<Self>(
///     "waves seen through noise", Setting("noise", \.noise, .number(.nonnegative), "how much"))
///   var bringsItsModel: Bool { true }
///   func task(_ context: TaskContext) -> any LearningTask { self }
/// }
/// ```
public protocol TaskKind: Kind {
  /// The task, with its data read and checked.
  func task(_ context: TaskContext) throws -> any LearningTask
  /// Whether its weights are its own, so that no model is configured; false by
  /// default.
  var bringsItsModel: Bool { get }
  /// What models of the task make small; nil, the default, where it brings its own.
  var loss: LossFunction? { get }
  /// The examples that a model would see, where that is known before data are read; nil by default.
  func examples(_ scalar: ScalarType) -> ExampleForm?
  /// Of a table whose rows or classes are divided among training, validation and test: what the
  /// choice follows from. Nil, the default, where there is no table.
  var splitSeed: UInt64? { get set }
  /// Whether runs divide the rows of a table among training, validation and test; by default where
  /// their choice has a seed.
  var isTable: Bool { get }
  /// Whether rates may adapt by Sutton's rule, which is for linear models that see one example a
  /// step, as `IDBDStep` wants it; false by default.
  var adaptsByIDBD: Bool { get }
  /// Whether nothing random tells runs apart, so that all are one; false by default.
  var isDeterministic: Bool { get }
  /// What a test run is trained on and how far learning saw it, for reports.
  var testRunsTrainOn: String { get }
  /// What test runs start from where each has a start of its own, for reports.
  var testRunsStartFrom: String { get }
  /// Whether trained weights can be evaluated on some examples at a time; false by default.
  var evaluatesInBatches: Bool { get }
  /// What learns it in starting files; a perceptron by default.
  var startingModel: any ModelKind { get }
  /// A uniform rate at which plain descent is stable, for starting files; 0.1 by default.
  var stableRate: Double { get }
  /// Sets defaults that depend on the model; nothing by default.
  mutating func settle(beside model: any ModelKind, _ written: Written)
  /// Why the task cannot be trained or evaluated in a way; the keys of a conflict count from the
  /// whole configuration. By default it can in any.
  func conflict(with use: TaskUse, _ written: Written) -> Conflict?
}

extension TaskKind {
  /// A model is configured.
  public var bringsItsModel: Bool { false }
  /// The usual one.
  public var startingModel: any ModelKind { PerceptronKind() }
  /// All examples at once.
  public var evaluatesInBatches: Bool { false }
  /// The model chooses the loss.
  public var loss: LossFunction? { nil }
  /// The form of examples is not known before data are read.
  public func examples(_ scalar: ScalarType) -> ExampleForm? { nil }
  /// There is no table.
  public var splitSeed: UInt64? {
    get { nil }
    set {}
  }
  /// A choice of rows follows from a seed.
  public var isTable: Bool { splitSeed != nil }
  /// They may not.
  public var adaptsByIDBD: Bool { false }
  /// Runs differ by what they draw.
  public var isDeterministic: Bool { false }
  /// Test runs train on data that learning did not see.
  public var testRunsTrainOn: String { "data that learning did not see" }
  /// Test runs start from weights of their own.
  public var testRunsStartFrom: String { "initial weights of their own" }
  /// A rate of 0.1 suits most tasks.
  public var stableRate: Double { 0.1 }
  /// Nothing depends on the model.
  public mutating func settle(beside model: any ModelKind, _ written: Written) {}
  /// Nothing is in conflict.
  public func conflict(with use: TaskUse, _ written: Written) -> Conflict? { nil }
}

/// What a task is made beside.
public struct TaskContext: Sendable {
  /// What learns it, where the task leaves that open.
  public let model: any ModelKind
  /// The type that everything is computed in.
  public let scalar: ScalarType
  /// Whether there must be data to report on that neither learning nor choosing sees.
  public let reportsOnTest: Bool
  /// How trained weights are evaluated, where there are enough examples for that to matter.
  public let evaluation: EvaluationSpecification

  /// A context of the given parts.
  public init(
    model: any ModelKind, scalar: ScalarType, reportsOnTest: Bool = false,
    evaluation: EvaluationSpecification = EvaluationSpecification()
  ) {
    self.model = model
    self.scalar = scalar
    self.reportsOnTest = reportsOnTest
    self.evaluation = evaluation
  }
}

/// How a task is to be trained and evaluated.
public struct TaskUse: Sendable {
  /// How weights are trained.
  public let inner: InnerSpecification
  /// What is learned for.
  public let objective: ObjectiveSpecification
  /// Whether initial weights are learned.
  public let learnsInitialWeights: Bool

  /// A use of the given parts.
  public init(
    inner: InnerSpecification, objective: ObjectiveSpecification, learnsInitialWeights: Bool
  ) {
    self.inner = inner
    self.objective = objective
    self.learnsInitialWeights = learnsInitialWeights
  }

  /// The conflict of anything but plain descent; nil where that is what is specified.
  ///
  /// - Parameters:
  ///   - other: beside what nothing else can be.
  ///   - reason: why.
  ///   - allowsAdaptation: whether rates may adapt.
  ///   - written: what was written.
  public func requiringPlainDescent(
    beside other: String, _ reason: String, allowsAdaptation: Bool, _ written: Written
  ) -> Conflict? {
    let transformation = written.contains("inner.clip") ? "clip" : "transformations"
    let culprit: (key: String, found: String)
    if !inner.optimizer.isPlainDescent {
      culprit = ("optimizer", inner.optimizer.word)
    } else if !inner.transformations.isEmpty {
      culprit = (transformation, transformation)
    } else if inner.online != nil && !allowsAdaptation {
      culprit = ("online", "online")
    } else {
      return nil
    }
    return Conflict(
      "inner.\(culprit.key)",
      "found \(culprit.found) beside \(other), expected plain descent, optimizer sgd and nothing "
        + "else: \(reason)")
  }
}

extension Family<any TaskKind> {
  /// What is learned.
  public static var tasks: Self { Family("a task") { $0 } }
}

extension Laboratory {
  /// What may be learned.
  public var tasks: Registry<any TaskKind> {
    get { self[.tasks] }
    set { self[.tasks] = newValue }
  }
}
