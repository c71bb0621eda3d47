import Foundation
import Reports

/// What an ablation tells of itself on the way.
package enum AblationProgress: Sendable {
  /// What is being done, of interest until the next such line.
  case doing(String)
  /// What came of something.
  case note(String)

  /// The same behind some words that say of what; notes of arms are for themselves.
  func preceded(by words: String) -> AblationProgress {
    switch self {
    case .doing(let text): .doing(words + text)
    case .note: self
    }
  }
}

/// How long an ablation still takes, by the cells that it has computed.
struct RemainingTime {
  private let schedule: AblationSchedule
  private let start = ProcessInfo.processInfo.systemUptime
  private var finished: Set<String> = []
  private var done: Int

  init(_ schedule: AblationSchedule, done: Int) {
    (self.schedule, self.done) = (schedule, done)
  }

  mutating func finished(_ cell: PlannedCell) {
    finished.insert(cell.path)
    done += 1
  }

  /// `7 of 40 cells, about 5:20 min left`.
  func text(of all: Int) -> String {
    let spent = schedule.cost { finished.contains($0.path) }
    let left = schedule.cost { !$0.isDone && !finished.contains($0.path) }
    let seconds = ProcessInfo.processInfo.systemUptime - start
    return "\(done) of \(Format.count(all, "cell"))"
      + (left > 0 && spent > 0 ? ", about \(Format.duration(seconds * left / spent)) left" : "")
  }
}
