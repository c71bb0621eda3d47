import CKernels

/// How a thread computed before something was to compute otherwise.
struct FloatControl {
  private let word: UInt64

  /// From now on the calling thread, and workers that share its jobs, take subnormal numbers for
  /// zeros.
  ///
  /// A moment whose gradient stays zero decays through the subnormal numbers, and processors take a
  /// hundred times as long for each of these: the longer a run, the slower its steps. XLA computes
  /// the same way.
  static func withoutSubnormals() -> FloatControl {
    let word = mr_float_control()
    mr_set_float_control(mr_without_subnormals(word))
    return FloatControl(word: word)
  }

  /// The thread computes as before.
  func restore() { mr_set_float_control(word) }
}
