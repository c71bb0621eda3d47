import TensorPrograms

/// What the outer loop learns or holds for its runs, as unconstrained numbers: any value that an
/// outer optimizer steps to is admissible.
///
/// `InnerProblem.hyperparameters(_:)` is what runs read of it.
public struct Learned: LearnableParts {
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
}
