import Foundation
import Synchronization

/// The signal that asked for a stop; 0 for none.
private let pending = Atomic<Int32>(0)

/// Where the words lie that are said when a signal ends the process at once, as a C string that a
/// handler may read; 0 where a signal waits until the work at hand is saved.
private let words = Atomic<Int>(0)

/// Signals that ask the process to stop: of a person (SIGINT, SIGQUIT), of the system (SIGTERM,
/// SIGHUP, SIGXCPU), and SIGUSR1, which batch systems send ahead of time.
enum StopSignals {
  private static let numbers = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1]

  /// The first that came, where signals wait.
  static var first: Int32? {
    let number = pending.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// What happens when one comes: the process ends at once with these words or, without any, the
  /// work at hand looks for `first`, and a second SIGINT ends it.
  static func answer(with text: String?) {
    // Kept for as long as the process lives: a handler may be reading it.
    words.store(text.map { Int(bitPattern: strdup("\n" + $0 + "\n")) } ?? 0, ordering: .releasing)
    for number in numbers {
      var earlier = sigaction()
      sigaction(number, nil, &earlier)
      // Under nohup a hangup stays ignored.
      if number == SIGHUP, isIgnored(earlier) { continue }
      signal(number, handle)
    }
  }

  private static let handle: @convention(c) (Int32) -> Void = { number in
    func say(_ text: UnsafePointer<CChar>) { _ = write(2, text, strlen(text)) }
    if let text = UnsafePointer<CChar>(bitPattern: words.load(ordering: .acquiring)) {
      say(text)
      _exit(number == SIGUSR1 ? 75 : 128 + number)
    }
    if number == SIGINT, pending.load(ordering: .relaxed) == SIGINT { _exit(128 + SIGINT) }
    let isFirst = pending.compareExchange(
      expected: 0, desired: number, ordering: .relaxed
    ).exchanged
    if isFirst {
      say("\nfinishing the step and saving; an interrupt (once more) ends it at once\n")
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// Ends the process at once when it is asked to stop, for work whose finished parts are saved as
/// they are done: with words that say what was kept, and the exit code of the signal.
package enum LastWords {
  /// From now on.
  package static func set(_ text: String) { StopSignals.answer(with: text) }
}
