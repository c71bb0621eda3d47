import TensorPrograms

/// What training runs read that can be learned: the point that hypergradients are taken at, and the
/// form of a hypergradient.
public struct Hyperparameters: LearnableParts {
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
}
