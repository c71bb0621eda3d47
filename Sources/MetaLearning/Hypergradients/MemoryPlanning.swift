import TensorPrograms

/// A memory limit that no policy can keep.
public struct MemoryError: Error, Equatable, CustomStringConvertible {
  /// The limit.
  public let limit: Int
  /// Bytes of a hypergradient under the policy that takes the fewest.
  public let least: Int

  /// A limit, and what it would have to be.
  public init(limit: Int, least: Int) {
    self.limit = limit
    self.least = least
  }

  /// One sentence: what was found, what was expected, what to do.
  public var description: String {
    "a hypergradient does not fit into its memory limit: found \(ByteCount(limit)), expected at "
      + "least \(ByteCount((least + 999) / 1000 * 1000)), the fewest that a memory policy "
      + "takes; raise the limit, or use fewer or shorter runs, or fewer workers"
  }
}

extension InnerProblem {
  /// The problem under the specified policy, or under the fastest one that keeps the limit for
  /// batches like the given one.
  ///
  /// Candidates are planned, not run, so that the same problem on as many workers has the same
  /// policy always: `storeAll`, `everyStep`, `segments`, then `binomial` with as many snapshots as
  /// fit. The bytes are those of a call in all: arguments, results, and everything between.
  ///
  /// - Parameters:
  ///   - memory: a policy, or a limit.
  ///   - batch: a batch of the form that plans are made for.
  ///   - estimator: how the hypergradient is computed.
  ///   - targets: with respect to what.
  ///   - keepsState: whether results must have the state after the last step.
  public func planned(
    _ memory: MemorySpecification, for batch: EpisodeBatch,
    estimator: any HypergradientEstimator = ReverseEstimator(),
    targets: Set<LearnTarget> = Set(LearnTarget.allCases), keepsState: Bool = false
  ) throws(MemoryError) -> InnerProblem {
    let limit: Int
    switch memory {
    case .policy(let policy): return remembering(policy)
    case .limit(let bytes): limit = bytes
    }
    func bytes(_ policy: UnrollMemory) -> Int {
      remembering(policy).estimator(
        estimator, like: batch, targets: targets, keepsState: keepsState
      ).program.totalBytes
    }
    for policy in [UnrollMemory.storeAll, .everyStep, .segments] where bytes(policy) <= limit {
      return remembering(policy)
    }
    // Bytes are nearly linear in the snapshots, so a guess along the line is nearly always right.
    var low = (snapshots: 1, bytes: bytes(.binomial(snapshots: 1)))
    guard low.bytes <= limit else { throw MemoryError(limit: limit, least: low.bytes) }
    let most = max(1, specification.steps)
    var high = (snapshots: most, bytes: bytes(.binomial(snapshots: most)))
    if high.bytes <= limit { return remembering(.binomial(snapshots: most)) }
    while high.snapshots - low.snapshots > 1 {
      let share = Double(limit - low.bytes) / Double(high.bytes - low.bytes)
      let guess = low.snapshots + Int(share * Double(high.snapshots - low.snapshots))
      let snapshots = min(max(guess, low.snapshots + 1), high.snapshots - 1)
      let found = bytes(.binomial(snapshots: snapshots))
      if found <= limit { low = (snapshots, found) } else { high = (snapshots, found) }
    }
    return remembering(.binomial(snapshots: low.snapshots))
  }
}
