import Experiments
import Foundation
import MetaLearning
import Reports

/// Shows how far a run is: one line that changes on a terminal, a plain line now and then
/// elsewhere.
struct Progress: RunObserver {
  private let isQuiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastShown = 0.0
  private var firstStep: (step: Int, seconds: Double)?

  /// Seconds between lines: often enough to see life, rarely enough for a log.
  private var interval: Double { isTerminal ? 0.1 : 5 }

  /// What the run is called before each line; nil where it is the only one.
  private let name: String?

  init(isQuiet: Bool, of name: String? = nil) {
    self.isQuiet = isQuiet
    self.name = name
  }

  mutating func note(_ message: String) {
    clear()
    if !isQuiet { Console.note("note: \(name.map { "\($0): " } ?? "")\(message)\n") }
  }

  mutating func validatedStart(_ objective: Double) {
    // Of many runs the start is no news.
    if name == nil { note("before learning: validation \(Format.number(objective))") }
  }

  mutating func stepped(_ report: OuterReport, of steps: Int, seconds: Double) {
    guard !isQuiet else { return }
    if firstStep == nil { firstStep = (report.step, seconds) }
    // One of many runs is told of when it is done, and on the way only where that takes long.
    let isShort = name != nil && !isTerminal
    if isShort, lastShown == 0 { lastShown = seconds }
    let isLast = report.step == steps && !isShort
    guard isLast || seconds - lastShown >= interval || lastShown == 0 else { return }
    lastShown = seconds
    var line = name.map { "\($0): " } ?? ""
    line += "step \(report.step)/\(steps)  objective \(Format.number(report.objective))"
    if let validation = report.validation { line += "  validation \(Format.number(validation))" }
    if let accuracy = report.accuracy { line += "  accuracy \(Format.percent(accuracy))" }
    if let first = firstStep, report.step > first.step {
      let rate = (seconds - first.seconds) / Double(report.step - first.step)
      line += "  \(Format.duration(rate * Double(steps - report.step))) left"
    }
    if isTerminal {
      Console.replaceLine("\(bar(report.step, steps)) \(line)")
    } else {
      Console.note(line + "\n")
    }
  }

  func finish() {
    // What one of many came to is told in a line that takes the place of this one.
    if name != nil { clear() } else if isTerminal && !isQuiet { Console.note("\n") }
  }

  private func clear() {
    if isTerminal && !isQuiet { Console.replaceLine("") }
  }

  private func bar(_ step: Int, _ steps: Int) -> String {
    let width = 20
    let full = step * width / max(1, steps)
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
  }
}
