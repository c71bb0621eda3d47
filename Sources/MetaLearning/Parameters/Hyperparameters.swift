import TensorPrograms

/// What training runs read that can be learned: the point that hypergradients are taken at, and the
/// form of a hypergradient.
public struct Hyperparameters: ParameterStructure {
  /// The unconstrained tensors behind the rates, in the order of `RateLayout.names`.
  public var rates: [Tensor]
  /// The weights that all runs start from, in the order of their layout; none where each run has a
  /// start of its own.
  public var initialWeights: [Tensor]
  /// The values of the inner step's scalars, in the order of `InnerStep.scalars`.
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
  public func restricted(to targets: Set<LearnTarget>) -> Hyperparameters {
    Hyperparameters(
      rates: targets.contains(.rates) ? rates : [],
      initialWeights: targets.contains(.initialWeights) ? initialWeights : [],
      scalars: targets.contains(.optimizerScalars) ? scalars : [])
  }

  /// The same point with the tensors of another one wherever that has some.
  public func replacing(_ others: Hyperparameters) -> Hyperparameters {
    Hyperparameters(
      rates: others.rates.isEmpty ? rates : others.rates,
      initialWeights: others.initialWeights.isEmpty ? initialWeights : others.initialWeights,
      scalars: others.scalars.isEmpty ? scalars : others.scalars)
  }
}
