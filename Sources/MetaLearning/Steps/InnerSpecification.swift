import Settings

/// How weights are trained in an inner run.
public struct InnerSpecification: Sendable {
  /// The update.
  public var optimizer: any Optimizer
  /// Steps of a run.
  public var steps: Int
  /// Examples a step.
  public var batch: Int
  /// What happens to gradients before the update, in order.
  public var transformations: [any GradientTransformation]
  /// What multiplies the rates.
  public var schedule: any Schedule
  /// How rates adapt while weights are trained; nil where they do not.
  public var online: OnlineSpecification?

  /// The numbers of the optimizer and of the transformations, part by part.
  package var scalars: ScalarLayout {
    ScalarLayout(parts: [optimizer.scalars, transformations.numbers])
  }

  /// Whether a step has numbers beside the rates that can be learned.
  public var hasScalars: Bool {
    !optimizer.scalars.isEmpty || !transformations.numbers.isEmpty || online != nil
  }

  /// 100 steps of plain gradient descent on batches of 64, unless said otherwise.
  public init(
    optimizer: any Optimizer = SGD(), steps: Int = 100, batch: Int = 64,
    transformations: [any GradientTransformation] = [],
    schedule: any Schedule = ConstantSchedule(), online: OnlineSpecification? = nil
  ) {
    self.optimizer = optimizer
    self.steps = steps
    self.batch = batch
    self.transformations = transformations
    self.schedule = schedule
    self.online = online
  }
}

extension InnerSpecification: Configurable {
  /// Optimizer, length, batches, transformations, schedule, adaptation.
  ///
  /// `clip` is the short key of a chain that only clips.
  public static let schema = Schema<Self>(
    "how weights are trained",
    Setting("optimizer", \.optimizer, .kind(of: .optimizers), "what turns gradients into steps"),
    Setting("steps", \.steps, .integer(), unit: "steps", "steps of a run"),
    Setting("batch", \.batch, .integer(), unit: "examples", "examples per step"),
    Setting(
      "clip", \.transformations, .list(of: .kind(of: .transformations, "a clip", where: \.isClip)),
      "what limits gradients, in order", isWritten: { $0.transformations.allSatisfy(\.isClip) }),
    Setting(
      "transformations", \.transformations, .list(of: .kind(of: .transformations)),
      "what happens to gradients, in order; instead of clip",
      isWritten: { !$0.transformations.allSatisfy(\.isClip) }),
    Setting(
      "schedule", \.schedule, .kind(of: .schedules, nil, where: { !$0.isForOuterLoop }),
      "what multiplies the rates over the steps"),
    Setting(
      "online", \.online, .optional(.section(OnlineSpecification())),
      "how rates adapt while weights are trained")
  ).refusing { _, written in
    written.contains("clip") && written.contains("transformations")
      ? Conflict(
        "transformations",
        "found transformations beside clip, expected one of them; write all in transformations, in "
          + "their order") : nil
  }
}
