import Foundation
import Synchronization

/// The signal that asked for a stop; 0 for none.
private let pending = Atomic<Int32>(0)

/// Where the words lie that are said when a signal ends the process at once, as a C string that a
/// handler may read; 0 where a signal waits until the work at hand is saved.
private let words = Atomic<Int>(0)

/// The same of what is said where a signal waits: a handler can make no text of its own.
private let promise = Atomic<Int>(0)

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
  /// work at hand looks for `first`, and a SIGINT after it ends the process.
  static func answer(with text: String?) {
    // A handler may only read what is made already.
    _ = pending.load(ordering: .relaxed)
    if promise.load(ordering: .relaxed) == 0 {
      promise.store(
        kept("finishing the step and saving; an interrupt now ends it at once"),
        ordering: .releasing)
    }
    words.store(text.map(kept) ?? 0, ordering: .releasing)
    for number in numbers {
      var earlier = sigaction()
      sigaction(number, nil, &earlier)
      // Under nohup a hangup stays ignored.
      if number == SIGHUP, isIgnored(earlier) { continue }
      signal(number, handle)
    }
  }

  /// A line as a C string that is there for as long as the process lives: a handler may be reading it.
  private static func kept(_ text: String) -> Int { Int(bitPattern: strdup("\n" + text + "\n")) }

  private static let handle: @convention(c) (Int32) -> Void = { number in
    // What was interrupted may be about to look at it.
    let code = errno
    func say(_ address: Int) {
      if let text = UnsafePointer<CChar>(bitPattern: address) { _ = write(2, text, strlen(text)) }
    }
    let last = words.load(ordering: .acquiring)
    if last != 0 {
      say(last)
      _exit(number == SIGUSR1 ? 75 : 128 + number)
    }
    if number == SIGINT, pending.load(ordering: .relaxed) != 0 { _exit(128 + SIGINT) }
    let isFirst = pending.compareExchange(
      expected: 0, desired: number, ordering: .relaxed
    ).exchanged
    if isFirst { say(promise.load(ordering: .acquiring)) }
    errno = code
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
