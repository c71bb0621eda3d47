import Experiments
import Foundation

/// Tells how far an ablation is: what is being done in a line that changes on a terminal and now
/// and then elsewhere, and what came of it in lines that stay.
final class ProgressLines {
  let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastShown = -Double.infinity

  /// Seconds between lines where they stay: rarely enough for a log.
  private let interval = 30.0

  func tell(_ progress: AblationProgress) {
    switch progress {
    case .note(let text):
      clear()
      Console.note(text + "\n")
      lastShown = ProcessInfo.processInfo.systemUptime
    case .doing(let text):
      let now = ProcessInfo.processInfo.systemUptime
      if isTerminal {
        Console.replaceLine(String(text.prefix(width)))
      } else if now - lastShown >= interval {
        Console.note(text + "\n")
        lastShown = now
      }
    }
  }

  /// Letters of a line: what is longer would wrap, and stay where the next is to replace it.
  private var width: Int {
    var size = winsize()
    let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1
    return isKnown ? Int(size.ws_col) - 1 : 79
  }

  func clear() {
    if isTerminal { Console.replaceLine("") }
  }
}
