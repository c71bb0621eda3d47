import Foundation

/// Nanoseconds since some instant, for differences.
package enum MonotonicClock {
  @inline(__always)
  package static var nanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
