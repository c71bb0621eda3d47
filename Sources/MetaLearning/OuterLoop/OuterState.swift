import TensorPrograms

/// Everything that the outer loop carries from step to step. Equal states continue equally: random
/// streams are named by the seed and the step, so nothing else needs to be kept.
public struct OuterState: Sendable {
  /// Outer steps done.
  public var step: Int
  /// What is learned, and what else all runs share.
  public var learned: Learned
  /// States of inner runs that the next outer step goes on with, [runs, …]; nil where runs begin
  /// anew.
  public var inner: TrainingState?
  /// The outer optimizer's state over what is learned.
  public var optimizer: OptimizerState<Learned>
  /// How many terms of rates are learned, and since which outer step as many; nil where all are
  /// from the start.
  public var released: Release?
  /// Training runs that were left out of the means of steps, as they were not finite.
  public var skippedRuns: Int
  /// The best state so far by validation, the one before any learning included; nil where nothing
  /// was validated or nothing was finite.
  public var best: Best?

  /// How far a schedule from coarse to fine has got.
  public struct Release: Sendable, Equatable {
    /// Terms that are learned, the base first.
    public var terms: Int
    /// The outer step after which the last of them was released.
    public var step: Int

    /// So many terms since a step.
    public init(terms: Int, step: Int) { (self.terms, self.step) = (terms, step) }
  }

  /// A state that validation preferred.
  public struct Best: Sendable {
    /// Outer steps done when it was found.
    public var step: Int
    /// Its mean validation objective.
    public var objective: Double
    /// What was learned by then.
    public var learned: Learned

    /// A state that validation preferred.
    public init(step: Int, objective: Double, learned: Learned) {
      self.step = step
      self.objective = objective
      self.learned = learned
    }
  }

  /// Takes something learned for the best so far if validation prefers it.
  mutating func consider(_ learned: Learned, _ objective: Double) {
    guard objective.isFinite, objective < best?.objective ?? .infinity else { return }
    best = Best(step: step, objective: objective, learned: learned)
  }

  /// A state of the given parts.
  public init(
    step: Int, learned: Learned, inner: TrainingState? = nil,
    optimizer: OptimizerState<Learned> = OptimizerState(), released: Release? = nil,
    skippedRuns: Int = 0, best: Best? = nil
  ) {
    self.step = step
    self.learned = learned
    self.inner = inner
    self.optimizer = optimizer
    self.released = released
    self.skippedRuns = skippedRuns
    self.best = best
  }
}

/// What one outer step came to.
public struct OuterReport: Sendable {
  /// The step, counted from 1; 0 for the state before any.
  public var step: Int
  /// Inner steps of its runs.
  public var innerSteps: Int
  /// The mean objective before the update.
  public var objective: Double
  /// The norm of the hypergradient of everything that is learned; not a number where rates are
  /// adapted without one.
  public var hypergradientNorm: Double
  /// The mean validation objective after the update, where this step was validated.
  public var validation: Double?
  /// The same of the average over outer steps, where one is kept.
  public var averageValidation: Double?
  /// The term of rates that is learned from the next step on, where one was released after this
  /// one.
  public var releasedTerm: Int?
  /// For each unconstrained tensor of rates, the mean of the factors that its updates were
  /// multiplied by; empty where nothing shrinks them, not a number where it is not learned yet.
  public var signal: [Double] = []
  /// The mean validation accuracy after the update, where there is one.
  public var accuracy: Double?
  /// What validation run 0 shows of the learning, where this step was validated.
  public var diagnostics: Diagnostics?
  /// For each unconstrained tensor of rates, whether its whole hypergradient is exactly zero.
  var isHypergradientZero: [Bool] = []
}
