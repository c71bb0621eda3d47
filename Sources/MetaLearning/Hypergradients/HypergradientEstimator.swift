import Settings
import TensorPrograms

/// A way to the hypergradient of an inner problem, with its numbers: what it tells, what it leaves
/// out, what it costs. Compiled for batches of one form, it is a `CompiledHypergradient`.
public protocol HypergradientEstimator: Kind {
  /// The estimator's function, compiled for batches like the given one.
  ///
  /// - Parameters:
  ///   - problem: what is differentiated.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - targets: with respect to what, as far as the estimator can.
  ///   - keepsState: whether results must have the state after the last step.
  func compiled<Task: LearningTask>(
    for problem: InnerProblem<Task>, like batch: EpisodeBatch, targets: Set<LearnTarget>,
    keepsState: Bool
  ) -> any CompiledHypergradient
  /// What it can differentiate with respect to.
  var targets: Set<LearnTarget> { get }
  /// Whether it leaves nothing out of the rates' hypergradient over so many steps.
  func isExact(steps: Int) -> Bool
  /// How many of so many inner steps its reverse sweep goes back through; nil, the default, where
  /// it has none and memory policies mean nothing.
  func sweptSteps(of steps: Int) -> Int?
  /// Whether it differentiates each run by itself, so that it can tell the spread of the runs'
  /// hypergradients; false by default.
  var tellsSpread: Bool { get }
  /// How many rates it is for, where its cost grows with them; nil, the default, for any number.
  var mostRates: Int? { get }
  /// What one run costs; what a memory policy computes again is not counted, as it changes nothing
  /// but the time.
  func cost(steps: Int, rates: Int) -> Budget
  /// Why it cannot work for such rates over so many inner steps; nil, the default, where it can.
  ///
  /// - Parameters:
  ///   - steps: inner steps of a run.
  ///   - rates: what the rates are.
  ///   - isHorizonFixed: whether all outer steps train for as many inner ones.
  func conflict(steps: Int, rates: RateSpecification, isHorizonFixed: Bool) -> String?
}

extension HypergradientEstimator {
  /// It has none.
  public func sweptSteps(of steps: Int) -> Int? { nil }
  /// It does not.
  public var tellsSpread: Bool { false }
  /// It is for any number of rates.
  public var mostRates: Int? { nil }
  /// It can work for any rates.
  public func conflict(
    steps: Int, rates: RateSpecification, isHorizonFixed: Bool
  ) -> String? { nil }

  /// The refusal of rates that change over time, for estimators that keep one number per parameter
  /// rather than one per rate.
  public func conflictOfTimedRates(_ rates: RateSpecification) -> String? {
    !rates.changesOverTime
      ? nil
      : "found an estimator that keeps one number per parameter beside rates that change over time, "
        + "expected rates.time constant, of every term; or choose the estimator reverse"
  }
}

/// A hypergradient's program, compiled for batches of one form.
public protocol CompiledHypergradient: Sendable {
  /// Its program, for those who want to read it.
  var program: CompiledProgram { get }
  /// The tensors that its program is run on for a batch at the given point.
  func tensors(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor]
  /// The hypergradient of the batch's mean objective at the given point.
  func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Hypergradient
}

extension InnerProblem {
  /// The estimator, compiled for batches like the given one.
  ///
  /// - Parameters:
  ///   - estimator: how the hypergradient is computed.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - targets: with respect to what, as far as the estimator can.
  ///   - keepsState: whether results must have the state after the last step.
  public func estimator(
    _ estimator: any HypergradientEstimator, like batch: EpisodeBatch,
    targets: Set<LearnTarget> = Set(LearnTarget.allCases), keepsState: Bool = false
  ) -> any CompiledHypergradient {
    estimator.compiled(for: self, like: batch, targets: targets, keepsState: keepsState)
  }
}

extension Family<any HypergradientEstimator> {
  /// Ways to hypergradients.
  public static var estimators: Self { Family("an estimator") { $0 } }
}

extension Laboratory {
  /// Ways to hypergradients.
  public var estimators: Registry<any HypergradientEstimator> {
    get { self[.estimators] }
    set { self[.estimators] = newValue }
  }
}
