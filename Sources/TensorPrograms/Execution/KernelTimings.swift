/// How often each kernel of a plan ran and how long, loops with all that is inside them.
///
/// The clock is read once when a plan begins and once after each kernel, so that a kernel's time
/// has one reading in it.
final class KernelTimings {
  /// What one kernel took.
  struct Entry {
    var calls = 0
    var nanoseconds = 0
  }

  private(set) var entries: [Entry]
  /// How often the plan ran.
  private(set) var runs = 0

  init(kernels count: Int) { entries = [Entry](repeating: Entry(), count: count) }

  /// Runs kernels 0..<count and counts what each takes.
  @inline(__always)
  func count(_ count: Int, _ run: (_ kernel: Int) -> Void) {
    runs += 1
    var start = MonotonicClock.nanoseconds
    for kernel in 0..<count {
      run(kernel)
      let end = MonotonicClock.nanoseconds
      entries[kernel].calls += 1
      entries[kernel].nanoseconds += end - start
      start = end
    }
  }

  /// Nanoseconds that counting adds to a kernel: the least mean of several.
  static func cost() -> Double {
    let calls = 4096
    return (0..<8).map { _ in
      let timings = KernelTimings(kernels: calls)
      timings.count(calls) { _ in }
      return Double(timings.entries.reduce(0) { $0 + $1.nanoseconds }) / Double(calls)
    }.min()!
  }
}
