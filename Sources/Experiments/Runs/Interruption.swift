import Foundation
import Synchronization

private let pendingSignal = Atomic<Int32>(0)

/// Requests to stop: signals and a time limit. A step under way is finished first.
package struct Interruption: Sendable {
  /// What asked for the stop.
  package enum Cause: String, Sendable, Equatable {
    case interrupt = "an interrupt"
    case termination = "a termination signal"
    case timeLimit = "the time limit"
  }

  private let deadline: Double?

  /// Listens to SIGINT, SIGTERM and SIGUSR1, which batch systems send ahead of time; a second
  /// SIGINT ends the process at once.
  package init(maximumSeconds: Double?) {
    deadline = maximumSeconds.map { ProcessInfo.processInfo.systemUptime + $0 }
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number) { number in
        if number == SIGINT, pendingSignal.load(ordering: .relaxed) == SIGINT { _exit(130) }
        pendingSignal.store(number, ordering: .relaxed)
      }
    }
  }

  /// Why to stop now; nil to go on.
  package var cause: Cause? {
    switch pendingSignal.load(ordering: .relaxed) {
    case SIGINT: return .interrupt
    case SIGTERM: return .termination
    case SIGUSR1: return .timeLimit
    default:
      guard let deadline else { return nil }
      return ProcessInfo.processInfo.systemUptime >= deadline ? .timeLimit : nil
    }
  }
}
