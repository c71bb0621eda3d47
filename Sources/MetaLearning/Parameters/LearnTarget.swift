/// What a hypergradient can be taken with respect to, and the outer loop can learn by it.
public enum LearnTarget: String, Sendable, CaseIterable {
  /// The rates.
  case rates
  /// Initial weights that all runs share.
  case initialWeights
  /// The inner step's own numbers: momenta, decays, limits.
  case optimizerScalars
}
