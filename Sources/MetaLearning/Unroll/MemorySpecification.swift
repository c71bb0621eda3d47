/// What the reverse sweep through an inner run keeps of the forward one.
public enum MemorySpecification: String, Sendable, CaseIterable {
  /// Every intermediate value that it reads: fastest for short runs, memory grows with the steps.
  case storeAll
  /// The weights and the optimizer's state of every step; the rest is computed again.
  case everyStep
  /// The state at the start of every √T-th step and, one at a time, a segment's intermediate values.
  case segments
}
