import TensorPrograms

/// What learning can be about, in its three parts: a point in hyperparameters, or the unconstrained
/// numbers behind one.
public protocol LearnableParts: ParameterStructure {
  /// What is behind the rates.
  var rates: [Tensor] { get set }
  /// The weights that all runs start from; none where each has its own.
  var initialWeights: [Tensor] { get set }
  /// What is behind the inner step's scalars, or their values.
  var scalars: [Tensor] { get set }
  /// The given parts.
  init(rates: [Tensor], initialWeights: [Tensor], scalars: [Tensor])
}

extension LearnableParts {
  /// Rates, initial weights, scalars.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try rates.visit(path / "rates", body)
    try initialWeights.visit(path / "initial_weights", body)
    try scalars.visit(path / "scalars", body)
  }

  /// The tensors of the given targets alone.
  public func restricted(to targets: Set<LearnTarget>) -> Self {
    Self(
      rates: targets.contains(.rates) ? rates : [],
      initialWeights: targets.contains(.initialWeights) ? initialWeights : [],
      scalars: targets.contains(.optimizerScalars) ? scalars : [])
  }

  /// The same with the tensors of another one in each part of which that has some.
  public func replacing(_ others: Self) -> Self {
    Self(
      rates: others.rates.isEmpty ? rates : others.rates,
      initialWeights: others.initialWeights.isEmpty ? initialWeights : others.initialWeights,
      scalars: others.scalars.isEmpty ? scalars : others.scalars)
  }
}
