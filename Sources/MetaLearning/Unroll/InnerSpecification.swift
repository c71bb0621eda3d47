/// How weights are trained in an inner run.
public struct InnerSpecification: Sendable, Equatable {
  /// The update.
  public var optimizer: OptimizerSpecification
  /// Steps of a run.
  public var steps: Int
  /// Examples a step.
  public var batch: Int
  /// What happens to gradients before the update, in order.
  public var clips: [ClipSpecification]
  /// What multiplies the rates.
  public var schedule: Schedule

  /// 100 steps of plain gradient descent on batches of 64, unless said otherwise.
  public init(
    optimizer: OptimizerSpecification = OptimizerSpecification(.sgd), steps: Int = 100,
    batch: Int = 64, clips: [ClipSpecification] = [], schedule: Schedule = .constant
  ) {
    self.optimizer = optimizer
    self.steps = steps
    self.batch = batch
    self.clips = clips
    self.schedule = schedule
  }
}
