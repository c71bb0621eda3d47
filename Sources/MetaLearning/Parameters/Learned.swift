import TensorPrograms

/// What the outer loop learns or holds for its runs, as unconstrained numbers: any value that an
/// outer optimizer steps to is admissible.
///
/// `InnerProblem.hyperparameters(_:)` is what runs read of it.
public struct Learned: ParameterStructure {
  /// The tensors behind the rates, in the order of `RateLayout.names`.
  public var rates: [Tensor]
  /// The weights that all runs start from, in the order of their layout; none where each run draws
  /// its own.
  public var initialWeights: [Tensor]
  /// The numbers behind the inner step's scalars, in the order of `InnerStep.scalars`; none where
  /// they are not learned.
  public var scalars: [Tensor]

  /// The given tensors.
  public init(rates: [Tensor], initialWeights: [Tensor] = [], scalars: [Tensor] = []) {
    self.rates = rates
    self.initialWeights = initialWeights
    self.scalars = scalars
  }

  /// Rates, initial weights, scalars.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try rates.visit(path / "rates", body)
    try initialWeights.visit(path / "initial_weights", body)
    try scalars.visit(path / "scalars", body)
  }

  /// The tensors of the given targets alone.
  public func restricted(to targets: Set<LearnTarget>) -> Learned {
    Learned(
      rates: targets.contains(.rates) ? rates : [],
      initialWeights: targets.contains(.initialWeights) ? initialWeights : [],
      scalars: targets.contains(.optimizerScalars) ? scalars : [])
  }

  /// The same value with the tensors of another one wherever that has some.
  public func replacing(_ others: Learned) -> Learned {
    Learned(
      rates: others.rates.isEmpty ? rates : others.rates,
      initialWeights: others.initialWeights.isEmpty ? initialWeights : others.initialWeights,
      scalars: others.scalars.isEmpty ? scalars : others.scalars)
  }
}
