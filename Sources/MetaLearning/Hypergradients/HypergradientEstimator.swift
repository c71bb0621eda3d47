import TensorPrograms

/// A way to the hypergradient of an inner problem, compiled for batches of one form.
public protocol HypergradientEstimator: Sendable {
  /// Its program, for those who want to read it.
  var compiled: CompiledFunction { get }
  /// What its program is run on for a batch at given raw rates and scalars.
  func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor]
  /// The hypergradient of the batch's mean objective at the given raw rates and scalars.
  func callAsFunction(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> Hypergradient
}

/// Which way to the hypergradient, with its numbers.
public enum EstimatorSpecification: Sendable, Equatable {
  /// Exactly, by one backward sweep: the cost does not depend on the number of rates.
  case reverse
  /// The backward sweep through the last steps only.
  case truncated(window: Int)
  /// Exactly, by one tangent a rate: for few rates.
  case forward
  /// One decaying tangent a parameter, as if parameters did not act on one another.
  case diagonalForward(decay: Double)
  /// Each step's effect on the loss right after it.
  case online
  /// Differences between mirrored random perturbations of the raw rates; in windows with a memory
  /// of earlier perturbations where a window is given.
  case evolution(pairs: Int, deviation: Double, window: Int?)
  /// The backward sweep with gradients taken for constants: no second derivatives.
  case firstOrder

  /// What it can differentiate with respect to.
  public var targets: Set<LearnTarget> {
    switch self {
    case .reverse, .truncated, .firstOrder: LearnTarget.differentiable
    case .forward: [.rates, .optimizerScalars]
    case .diagonalForward, .online, .evolution: [.rates]
    }
  }

  /// Whether it keeps one number a parameter rather than one a rate, so that rates that change over
  /// time are beyond it.
  public var needsConstantRates: Bool {
    switch self {
    case .diagonalForward, .online: true
    case .reverse, .truncated, .forward, .evolution, .firstOrder: false
    }
  }
}

extension InnerProblem {
  /// The estimator, compiled for batches like the given one.
  ///
  /// - Parameters:
  ///   - targets: what is differentiated, as far as the estimator can.
  ///   - keepsState: whether results must have the state after the last step.
  public func estimator(
    _ specification: EstimatorSpecification, like batch: EpisodeBatch,
    targets: Set<LearnTarget> = LearnTarget.differentiable, keepsState: Bool = false
  ) -> any HypergradientEstimator {
    func reverse(_ treatment: ReverseTreatment) -> any HypergradientEstimator {
      ReverseHypergradient(
        self, like: batch, treatment: treatment, targets: targets, keepsState: keepsState)
    }
    return switch specification {
    case .reverse: reverse(ReverseTreatment())
    case .truncated(let window): reverse(ReverseTreatment(window: window))
    case .firstOrder: reverse(ReverseTreatment(isFirstOrder: true))
    case .forward: ForwardHypergradient(self, like: batch, targets: targets)
    case .diagonalForward(let decay): DiagonalForwardHypergradient(self, like: batch, decay: decay)
    case .online: OnlineHypergradient(self, like: batch)
    case .evolution(let pairs, let deviation, let window):
      EvolutionHypergradient(
        self, like: batch, pairs: pairs, deviation: deviation, window: window)
    }
  }
}
