import Settings

/// The exact hypergradient by one backward sweep through the whole run: the cost does not depend on
/// the number of rates.
public struct ReverseEstimator: HypergradientEstimator {
  /// The word for it.
  public static let word = "reverse"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("exact, by one backward sweep through the whole run")

  /// The exact one.
  public init() {}

  /// It differentiates with respect to everything that can be learned.
  public var targets: Set<LearnTarget> { Set(LearnTarget.allCases) }
  /// Each run by itself.
  public var tellsSpread: Bool { true }
  /// It leaves nothing out.
  public func isExact(steps: Int) -> Bool { true }
  /// The sweep goes back through every step.
  public func sweptSteps(of steps: Int) -> Int? { steps }
  /// A gradient and a Hessian-vector product per step.
  public func cost(steps: Int, rates: Int) -> Budget { Budget(gradients: steps, products: steps) }

  /// Compiles a `ReverseHypergradient`.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    ReverseHypergradient(problem, like: batch, targets: targets, keepsState: keepsState)
  }
}

/// The backward sweep through the last steps only; earlier weights, state and rates are constants.
///
/// Source: Shaban, Cheng, Hatch and Boots, "Truncated back-propagation for bilevel optimization"
/// (2019).
public struct TruncatedEstimator: HypergradientEstimator {
  /// The last steps that are differentiated.
  public var window: Int

  /// The word for it.
  public static let word = "truncated"
  /// What it is, and its window.
  public static let schema = Schema<Self>(
    "a backward sweep through the last steps only",
    Setting("window", \.window, .integer(), unit: "steps", "the last steps that are swept"))

  /// Ten steps, unless said otherwise.
  public init(window: Int = 10) { self.window = window }

  /// It differentiates with respect to everything that can be learned.
  public var targets: Set<LearnTarget> { Set(LearnTarget.allCases) }
  /// Each run by itself.
  public var tellsSpread: Bool { true }
  /// Where the window is the whole run.
  public func isExact(steps: Int) -> Bool { window >= steps }
  /// Those of the window.
  public func sweptSteps(of steps: Int) -> Int? { min(window, steps) }
  /// A gradient per step, a Hessian-vector product per step of the window.
  public func cost(steps: Int, rates: Int) -> Budget {
    Budget(gradients: steps, products: min(window, steps))
  }

  /// `ReverseHypergradient` with a window.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    ReverseHypergradient(
      problem, like: batch, treatment: ReverseTreatment(window: window), targets: targets,
      keepsState: keepsState)
  }
}

/// The backward sweep with gradients taken for constants: no second derivatives.
///
/// Source: first-order MAML, Finn, Abbeel and Levine (2017).
public struct FirstOrderEstimator: HypergradientEstimator {
  /// The word for it.
  public static let word = "firstOrder"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("a backward sweep that takes gradients for constants")

  /// Without second derivatives.
  public init() {}

  /// It differentiates with respect to everything that can be learned.
  public var targets: Set<LearnTarget> { Set(LearnTarget.allCases) }
  /// Each run by itself.
  public var tellsSpread: Bool { true }
  /// For a single step: rates do not act on its gradient.
  public func isExact(steps: Int) -> Bool { steps == 1 }
  /// The sweep goes back through every step.
  public func sweptSteps(of steps: Int) -> Int? { steps }
  /// A gradient per step.
  public func cost(steps: Int, rates: Int) -> Budget { Budget(gradients: steps) }

  /// `ReverseHypergradient` with constant gradients.
  public func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient {
    ReverseHypergradient(
      problem, like: batch, treatment: ReverseTreatment(isFirstOrder: true), targets: targets,
      keepsState: keepsState)
  }
}
