import Settings

/// An outer optimizer and its rate, which stand together in configurations.
private struct RatedOptimizer: Sendable {
  var optimizer: any Optimizer
  var rate: Double
}

extension OuterSpecification: Configurable {
  private var rated: RatedOptimizer {
    get { RatedOptimizer(optimizer: optimizer, rate: rate) }
    set { (optimizer, rate) = (newValue.optimizer, newValue.rate) }
  }

  /// Everything but the estimator, which has a section of its own, and initial weights, which may
  /// be those of a file.
  public static let schema = Schema<Self>(
    "how rates are learned",
    Setting(
      "optimizer", \.rated,
      .kind(
        of: .optimizers, at: \.optimizer, standard: OuterSpecification().rated, { $0.forOuterLoop },
        also: Schema(
          "a rate", Setting("rate", \.rate, .number(.positive), "the outer rate"))),
      "what turns hypergradients into steps"),
    Setting(
      "schedule", \.schedule, .kind(of: .schedules, "an outer schedule"),
      "what multiplies the outer rate over the outer steps"),
    Setting("steps", \.steps, .integer(), unit: "steps", "outer steps"),
    Setting("learn", \.learning, .learning, "what is learned"),
    Setting("tasks", \.tasks, .integer(), unit: "runs", "inner runs per outer step"),
    Setting("cadence", \.cadence, .cadence, "whether runs go on from one outer step to the next"),
    Setting("horizon", \.horizon, .horizon, "how many inner steps an outer step trains"),
    Setting(
      "freeze", \.frozenSteps, .count, unit: "steps",
      "first outer steps in which rates stay what they are"),
    Setting(
      "patience", \.patience, .optional(.integer()), unit: "checks",
      "checks without a new best after which learning ends"),
    Setting(
      "clip", \.clip, .optional(.kind(of: .transformations, "a clip", where: \.isClip)),
      "what limits hypergradients"),
    Setting(
      "shrink", \.shrinkage, .shrinkage, "what shrinks updates of rates", byDefault: "none",
      isWritten: { $0.shrinkage != nil }),
    Setting(
      "average", \.average, .optional(.section(OuterAverage())),
      "an average over outer steps that competes at checks", isWritten: { $0.average != nil }),
    Setting(
      "nonFinite", \.nonFinite, .nonFinite,
      "what a step does about runs that come to numbers that are not finite", byDefault: "stop",
      isWritten: { $0.nonFinite != .stop }),
    Setting(
      "validation", \.validation, .section(ValidationSpecification()),
      "checks on runs that learning does not see"))
}

extension ValidationSpecification: Configurable {
  /// How often, how many, how long.
  public static let schema = Schema<Self>(
    "checks on runs that learning does not see",
    Setting("every", \.every, .count, unit: "steps", "outer steps between checks; 0 for none"),
    Setting("tasks", \.tasks, .integer(), unit: "runs", "runs per check"),
    Setting(
      "steps", \.steps, .optional(.integer()), unit: "steps",
      "inner steps of checks and test runs; none for as many as are learned from"),
    Setting(
      "exchange", \.testsExchange, .flag,
      "whether checks test if exchangeable parameters differ in more than noise",
      isWritten: { $0.testsExchange }))
}

extension Form<Cadence> {
  /// `restarted`, or `carried` with how long runs last.
  static var cadence: Form {
    .choice(
      "a cadence",
      [
        Alternative("restarted", .restarted, "every outer step trains new runs"),
        Alternative(
          "carried", Int?.none, "outer steps go on with the runs of the one before",
          Setting(
            "windows", \.self, .optional(.integer()), unit: "steps",
            "outer steps after which runs begin anew; none for never"),
          value: { .carried(windows: $0) },
          payload: { if case .carried(let windows) = $0 { .some(windows) } else { nil } }),
      ])
  }
}

/// The numbers of a growing horizon.
private struct Growth: Sendable {
  var from: Int
  var every: Int
}

extension Form<Horizon> {
  /// `fixed`, or one that changes.
  static var horizon: Form {
    .choice(
      "a horizon",
      [
        Alternative("fixed", .fixed, "all inner steps"),
        Alternative(
          "growing", Growth(from: 1, every: 20), "doubled from time to time up to all inner steps",
          Setting(
            "from", \.from, .integer(), unit: "steps", "inner steps at first",
            byDefault: "inner.steps / 8"),
          Setting("every", \.every, .integer(), unit: "steps", "outer steps between doublings"),
          value: { .growing(from: $0.from, every: $0.every) },
          payload: {
            if case .growing(let from, let every) = $0 {
              Growth(from: from, every: every)
            } else {
              nil
            }
          }),
        Alternative(
          "random", 1, "drawn anew for each outer step among all, half, a quarter, …",
          Setting(
            "lowest", \.self, .integer(), unit: "steps", "the fewest inner steps",
            byDefault: "inner.steps / 8"),
          value: { .random(lowest: $0) },
          payload: { if case .random(let lowest) = $0 { lowest } else { nil } }),
      ])
  }
}
