/// How weights are trained in an inner run.
public struct InnerSpecification: Sendable, Equatable {
  /// The update.
  public var optimizer: OptimizerSpecification
  /// Steps of a run.
  public var steps: Int
  /// Examples a step.
  public var batch: Int
  /// What happens to gradients before the update, in order.
  public var transformations: [GradientTransformation]
  /// What multiplies the rates.
  public var schedule: Schedule
  /// How rates adapt while weights are trained; nil where they do not.
  public var online: OnlineSpecification?

  /// Whether a step has numbers beside the rates that can be learned.
  public var hasScalars: Bool {
    !optimizer.scalars.isEmpty || transformations.contains { $0.scalar != nil } || online != nil
  }

  /// 100 steps of plain gradient descent on batches of 64, unless said otherwise.
  public init(
    optimizer: OptimizerSpecification = OptimizerSpecification(.sgd), steps: Int = 100,
    batch: Int = 64, transformations: [GradientTransformation] = [],
    schedule: Schedule = .constant, online: OnlineSpecification? = nil
  ) {
    self.optimizer = optimizer
    self.steps = steps
    self.batch = batch
    self.transformations = transformations
    self.schedule = schedule
    self.online = online
  }
}
