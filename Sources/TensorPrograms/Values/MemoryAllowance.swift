import Synchronization

/// How much memory tensors and plans may take in all, and what happens where they would take more:
/// without an allowance the system decides, which ends processes when it is too late to say why.
public enum MemoryAllowance {
  private static let allowed = Atomic<Int>(.max)
  private static let taken = Atomic<Int>(0)
  private static let refusal = Mutex<@Sendable (Int, Int) -> Never>({ asked, taken in
    fatalError("\(asked) bytes beside \(taken) are more than are allowed")
  })

  /// Sets the allowance of this process.
  ///
  /// - Parameters:
  ///   - bytes: how much tensors and plans may take in all.
  ///   - refuse: what happens instead of an allocation that would exceed it, given the bytes asked for
  ///     and those in use. It ends the process, as whoever asked can go nowhere without them.
  public static func set(
    _ bytes: Int, refusing refuse: @escaping @Sendable (_ asked: Int, _ taken: Int) -> Never
  ) {
    refusal.withLock { $0 = refuse }
    allowed.store(bytes, ordering: .releasing)
  }

  /// Counts an allocation, or refuses it.
  static func take(_ bytes: Int) {
    let before = taken.wrappingAdd(bytes, ordering: .relaxed).oldValue
    if bytes > allowed.load(ordering: .acquiring) - before {
      refusal.withLock { $0 }(bytes, before)
    }
  }

  /// Counts the end of one.
  static func giveBack(_ bytes: Int) {
    taken.wrappingSubtract(bytes, ordering: .relaxed)
  }
}
