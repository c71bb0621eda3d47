import Foundation
import Synchronization

/// Where the words lie that are said when a signal ends the process, as a C string that a signal
/// handler may read.
private let address = Atomic<Int>(0)

/// Ends the process at once when it is asked to stop, for work whose finished parts are saved as
/// they are done: with words that say how to go on, and the exit code of the signal.
package enum LastWords {
  /// Listens to SIGINT, SIGTERM and SIGHUP, and to SIGUSR1, which batch systems send ahead of time.
  package static func set(_ text: String) {
    // Kept for as long as the process lives.
    address.store(Int(bitPattern: strdup("\n" + text + "\n")), ordering: .releasing)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] {
      var earlier = sigaction()
      sigaction(number, nil, &earlier)
      // Under nohup a hangup stays ignored.
      if number == SIGHUP, isIgnored(earlier) { continue }
      signal(number) { number in
        if let words = UnsafePointer<CChar>(bitPattern: address.load(ordering: .acquiring)) {
          _ = write(2, words, strlen(words))
        }
        _exit(number == SIGUSR1 ? 75 : 128 + number)
      }
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
