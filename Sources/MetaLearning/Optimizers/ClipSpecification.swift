/// What happens to gradients before an optimizer sees them.
public enum ClipSpecification: Sendable, Equatable {
  /// Scaled so that the norm over all tensors is at most the limit.
  case globalNorm(limit: Double)
  /// Every element limited to ± the limit.
  case value(limit: Double)
  /// Every tensor scaled so that its norm is at most the limit.
  case tensorNorm(limit: Double)
  /// Every tensor scaled to norm 1.
  case normalize
}
