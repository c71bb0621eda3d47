import TensorPrograms

/// A gradient of the outer objective, the mean over a batch of runs.
public struct Hypergradient: Sendable {
  /// The mean objective.
  public var objective: Double
  /// Each run's objective.
  public var objectives: [Double]
  /// Each run's training loss before each step, [runs, steps].
  public var trainingLosses: Tensor
  /// With respect to the rates' raw tensors.
  public var rates: [Tensor]
  /// With respect to shared initial weights; empty where each run has its own or the estimator does
  /// not tell.
  public var initial: [Tensor] = []
  /// With respect to the inner step's scalars; empty where the estimator does not tell.
  public var scalars: [Tensor] = []
  /// The inner step's state after the last step, [runs, …], parameters first; there wherever it was
  /// asked for.
  public var state: [Tensor]

  /// The square root of the sum of squares over rates and initial weights.
  public var norm: Double { globalNorm(rates + initial) }
}

/// The square root of the sum of squares of all elements.
public func globalNorm(_ tensors: [Tensor]) -> Double {
  tensors.reduce(0) { $0 + $1.doubles.reduce(0) { $0 + $1 * $1 } }.squareRoot()
}
