import TensorPrograms

/// What a training run is for, which decides the data that it may see.
public enum EpisodeRole: String, Sendable, Codable, CaseIterable {
  /// Rates are learned from these runs: trained on training data, evaluated on validation data.
  case training
  /// Rates are chosen and compared while learning: runs that learning did not see.
  case validation
  /// The result that is reported: runs and data that neither learning nor choosing saw.
  case test
}

/// A request for the data of one training run.
public struct EpisodeRequest: Sendable {
  /// What the run is for.
  public var role: EpisodeRole
  /// Inner steps.
  public var steps: Int
  /// Examples a step.
  public var batch: Int
  /// Steps of the run that came before: a task gives the data that follow those.
  public var start: Int
  /// The run's own randomness, the same for every stretch of it.
  public var stream: RandomStream

  /// A request of the given properties.
  public init(role: EpisodeRole, steps: Int, batch: Int, start: Int = 0, stream: RandomStream) {
    self.role = role
    self.steps = steps
    self.batch = batch
    self.start = start
    self.stream = stream
  }
}

/// The data of one training run.
public struct Episode: ParameterStructure {
  /// Tensors whose first axis is the inner step: row t trains step t.
  public var steps: [Tensor]
  /// What the trained weights are evaluated on.
  public var evaluation: [Tensor]

  /// An episode of the given data.
  public init(steps: [Tensor], evaluation: [Tensor]) {
    self.steps = steps
    self.evaluation = evaluation
  }

  /// Training data, evaluation data.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try steps.visit(path / "steps", body)
    try evaluation.visit(path / "evaluation", body)
  }
}

/// A problem that weights are trained for again and again, so that rates can be learned.
///
/// Losses are traced: they must be pure functions of their tensors. All episodes have tensors of
/// the same types.
public protocol LearningTask: Sendable {
  /// The weights.
  associatedtype Parameters: Trainable

  /// The type that weights and losses are computed in.
  var scalarType: ScalarType { get }
  /// Tensors that all episodes share, such as a table of images; empty by default.
  var dataset: [Tensor] { get }
  /// Freshly drawn weights.
  func initialParameters(from stream: inout RandomStream) -> Parameters
  /// Draws the data of one run, straight to where programs read them.
  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows)
  /// The loss that step t descends, from row t of the episode's steps; what it changes of the
  /// parameters' state is what the next step finds.
  func trainingLoss(
    _ parameters: inout Parameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor
  /// The loss that rates are learned for, from the episode's evaluation data; by default the
  /// training loss, which a task whose model can be configured must not leave it at: layers tell
  /// training from evaluation.
  func evaluationLoss(_ parameters: Parameters, dataset: [Tensor], batch: [Tensor]) -> Tensor
  /// The fraction of right answers; nil, the default, where there is no such thing.
  func accuracy(_ parameters: Parameters, dataset: [Tensor], batch: [Tensor]) -> Tensor?
  /// What the model reads of a batch, [examples, …], which says how much each input varies; nil,
  /// the default, where there is no such thing.
  func inputs(dataset: [Tensor], batch: [Tensor]) -> Tensor?
  /// How weights are trained: an optimizer on the training loss's gradient, unless the task has an
  /// inner problem of another kind.
  func innerStep(_ specification: InnerSpecification, template: Parameters) -> any InnerStep
  /// Names of those of `Units.inputs` and `Units.targets` that each run exchanges at random, so
  /// that no run tells one from another: classes that are drawn anew, say; none by default.
  var exchangedUnits: Set<String> { get }
  /// What a user should know of the data before anything is trained, in sentences; nothing by default.
  var notes: [String] { get }
  /// What theory says of the objective, to hold results against; nothing by default.
  func references(
    _ specification: InnerSpecification, objective: ObjectiveSpecification
  ) -> [ReferenceValue]
}

extension LearningTask {
  /// No shared tensors.
  public var dataset: [Tensor] { [] }
  /// The training loss on the evaluation data.
  public func evaluationLoss(
    _ parameters: Parameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    var parameters = parameters
    return trainingLoss(&parameters, dataset: dataset, batch: batch)
  }
  /// The task has no accuracy.
  public func accuracy(
    _ parameters: Parameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor? { nil }
  /// Nobody knows what the model reads.
  public func inputs(dataset: [Tensor], batch: [Tensor]) -> Tensor? { nil }
  /// There is nothing to say.
  public var notes: [String] { [] }
  /// All runs have the same inputs and targets.
  public var exchangedUnits: Set<String> { [] }
  /// Theory says nothing of it.
  public func references(
    _ specification: InnerSpecification, objective: ObjectiveSpecification
  ) -> [ReferenceValue] { [] }
}
