import Foundation

/// Requests to stop: signals and a time limit. A step under way is finished first.
package struct Interruption: Sendable {
  /// What asked for the stop.
  package enum Cause: Sendable, Equatable {
    /// A signal that ends a process.
    case signal(Int32)
    /// SIGUSR1, or the time that was given is over: somebody means to go on.
    case request

    /// What happened, as a sentence begins.
    package var text: String {
      switch self {
      case .signal(SIGINT): "stopped by an interrupt"
      case .signal(SIGTERM): "stopped by a termination signal"
      case .signal(SIGHUP): "stopped by a hangup"
      case .signal(SIGQUIT): "stopped by a quit signal"
      case .signal(SIGXCPU): "stopped by the limit of processor time"
      case .signal(let number): "stopped by signal \(number)"
      case .request: "asked to stop"
      }
    }

    /// The command's exit code.
    package var exitCode: Int32 {
      switch self {
      case .signal(let number): 128 + number
      case .request: 75
      }
    }
  }

  private let deadline: Double?

  /// A limit that counts from now.
  package init(maximumSeconds: Double?) {
    deadline = maximumSeconds.map { ProcessInfo.processInfo.systemUptime + $0 }
  }

  /// From now on a signal waits until the work at hand looks for it.
  func wait() { StopSignals.answer(with: nil) }

  /// Why to stop now; nil to go on.
  package var cause: Cause? {
    if let number = StopSignals.first { return number == SIGUSR1 ? .request : .signal(number) }
    guard let deadline else { return nil }
    return ProcessInfo.processInfo.systemUptime >= deadline ? .request : nil
  }
}
