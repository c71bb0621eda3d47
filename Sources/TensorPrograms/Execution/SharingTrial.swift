/// Whether the kernels of a loop's step are shared among workers: found out by trying. Where they
/// are not, what of a step can run ahead of it does.
///
/// Sharing a short kernel pays only where cores are near one another and idle, and neither can be
/// known beforehand: a second core may be busy, or the host of a virtual machine may move it away.
/// So a loop steps on for a while, tries a few steps the other way, and keeps what was faster; the
/// longer that has been so, the longer until the next trial. Results have the same bits either way.
package struct SharingTrial {
  /// Over how many steps things are found out.
  package struct Pace: Sendable {
    /// Steps before the measured ones, in which data comes to the caches that need it.
    fileprivate let warmUp: Int
    fileprivate let measured: Int
    fileprivate let patience: ClosedRange<Int>
    /// Loops of fewer steps have no time to try.
    package var leastSteps: Int { warmUp + measured }

    /// For steps of a few kernels.
    package static let kernels = Pace(warmUp: 2, measured: 8, patience: 16...4096)
    /// For steps with loops in them.
    package static let loops = Pace(warmUp: 1, measured: 2, patience: 3...192)
  }
  /// What is tried must take at most so much of the present time to be kept.
  private static let gain = 0.95

  /// Whether the next step's kernels are shared.
  package private(set) var isShared = true
  private var isTrial = false
  /// Steps until the present phase ends.
  private var left: Int
  /// Steps of the next phase that is no trial.
  private var steps: Int
  private var start = 0
  /// Nanoseconds that the measured steps of the last phase took.
  private var taken = 0

  private let pace: Pace

  package init(_ pace: Pace) {
    self.pace = pace
    left = pace.patience.lowerBound
    steps = left
  }

  /// A loop begins: what has passed since the last step counts for nothing.
  package mutating func begin() { left = max(left, pace.leastSteps) }

  /// A step has ended; whether the next one is shared if this one was not, or the other way round.
  package mutating func advance() -> Bool {
    left -= 1
    if left == pace.measured { start = MonotonicClock.nanoseconds }
    guard left == 0 else { return false }
    let now = MonotonicClock.nanoseconds - start
    guard isTrial else {
      taken = now
      isTrial = true
      left = pace.leastSteps
      isShared.toggle()
      return true
    }
    isTrial = false
    let isKept = Double(now) < SharingTrial.gain * Double(taken)
    steps =
      isKept ? pace.patience.lowerBound : min(4 * steps, pace.patience.upperBound)
    left = steps
    if !isKept { isShared.toggle() }
    return !isKept
  }
}
