import TensorPrograms

/// What the reverse sweep through an inner run keeps of the forward one.
public enum UnrollMemory: Sendable, Hashable, CustomStringConvertible {
  /// Every intermediate value that it reads: fastest, memory grows with the steps.
  case storeAll
  /// The weights and the optimizer's state of every step; the rest is computed again.
  case everyStep
  /// The state at the start of every √T-th step and, one at a time, a segment's intermediate
  /// values.
  case segments
  /// The states of this many steps at a time, from which the run is advanced again as rarely as any
  /// schedule can.
  case binomial(snapshots: Int)

  /// How often the reverse sweep runs a step of the inner run again only to get to another one.
  ///
  /// The forward run comes before it, and each step's own computation for its derivative besides;
  /// neither counts.
  public func advancedSteps(length: Int) -> Int {
    switch self {
    case .storeAll, .everyStep, .segments: 0
    case .binomial(let snapshots):
      BinomialSchedule.advancedSteps(length: length, snapshots: snapshots)
    }
  }

  /// For example `binomial with 64 snapshots`.
  public var description: String {
    switch self {
    case .storeAll: "storeAll"
    case .everyStep: "everyStep"
    case .segments: "segments"
    case .binomial(let snapshots):
      "binomial with \(snapshots) snapshot\(snapshots == 1 ? "" : "s")"
    }
  }
}
