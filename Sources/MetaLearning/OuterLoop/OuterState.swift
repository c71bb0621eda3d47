import TensorPrograms

/// Everything that the outer loop carries from step to step. Equal states continue equally: random
/// streams are named by the seed and the step, so nothing else needs to be kept.
public struct OuterState: Sendable {
  /// Outer steps done.
  public var step: Int
  /// The rates' raw tensors.
  public var raw: [Tensor]
  /// Initial weights that all runs share; empty where each run draws its own.
  public var initial: [Tensor]
  /// The trainable numbers behind the inner step's scalars; empty where they are not learned.
  public var scalars: [Tensor]
  /// States of inner runs that the next outer step goes on with, [runs, …]; empty where runs begin
  /// anew.
  public var inner: [Tensor]
  /// The outer optimizer's state over what is learned.
  public var optimizer: OptimizerState
  /// The best state so far by validation, the one before any learning included; nil where nothing
  /// was validated or nothing was finite.
  public var best: Best?

  /// A state that validation preferred.
  public struct Best: Sendable {
    /// Outer steps done when it was found.
    public var step: Int
    /// Its mean validation objective.
    public var objective: Double
    /// Its raw rates.
    public var raw: [Tensor]
    /// Its shared initial weights; empty where each run draws its own.
    public var initial: [Tensor]
    /// Its trainable scalars; empty where they are not learned.
    public var scalars: [Tensor]

    /// A state that validation preferred.
    public init(
      step: Int, objective: Double, raw: [Tensor], initial: [Tensor], scalars: [Tensor] = []
    ) {
      self.step = step
      self.objective = objective
      self.raw = raw
      self.initial = initial
      self.scalars = scalars
    }
  }

  /// A state of the given parts.
  public init(
    step: Int, raw: [Tensor], initial: [Tensor], scalars: [Tensor] = [],
    inner: [Tensor] = [], optimizer: OptimizerState, best: Best? = nil
  ) {
    self.step = step
    self.raw = raw
    self.initial = initial
    self.scalars = scalars
    self.inner = inner
    self.optimizer = optimizer
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
  /// The mean validation accuracy after the update, where there is one.
  public var accuracy: Double?
  /// What validation run 0 shows of the learning, where this step was validated.
  public var diagnostics: Diagnostics?
  /// For each of the rates' raw tensors, whether its whole hypergradient is exactly zero.
  var isHypergradientZero: [Bool] = []
}
