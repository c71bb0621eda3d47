import Configurations
import Foundation
import Reports
import Settings

/// What a run came to, as its folder says.
package struct RunRecord: Sendable {
  package let folder: RunFolder
  package let configuration: RunConfiguration
  /// Nil where it came to a number that is not finite, which is the worst of results.
  package let summary: RunSummary?
  /// Outer steps done, and seconds that they took, as the history has them.
  package let history: (steps: Int, seconds: Double)?

  /// A run that ended; nil where it has not.
  ///
  /// - Throws: `RunError` and `ConfigurationError` where the folder holds no run or is damaged.
  package init?(of folder: RunFolder, in laboratory: Laboratory) throws {
    switch try folder.stage() {
    case .nothing: throw RunError.noRun(path: folder.path)
    case .begun: return nil
    case .notFinite: summary = nil
    case .finished(let found): summary = found
    }
    self.folder = folder
    configuration = try folder.loadConfiguration(in: laboratory)
    history = RunRecord.history(of: folder)
  }

  package var seed: UInt64 { configuration.seed }

  /// Whether it came to a number that is not finite, so that nothing was tested.
  package var isNotFinite: Bool { summary == nil }

  /// The objective that selection goes by: the best state's on validation runs. +∞ where no state's
  /// was finite; nil where nothing was validated, or by release 0.2.0, which did not keep it.
  package var validation: Double? {
    guard configuration.outer.validation.every > 0 else { return nil }
    guard let summary else { return .infinity }
    return summary.validation ?? (summary.outerSteps == nil ? nil : .infinity)
  }

  /// The mean test loss of the learned state, +∞ where a run diverged.
  package var loss: Double { summary.map { Summary($0.learned.objectives).mean } ?? .infinity }

  /// The mean test loss of the start, +∞ where a run diverged; nil where it was not tested.
  package var startLoss: Double? { summary.map { Summary($0.initial.objectives).mean } }

  /// The mean accuracy of the learned state on test runs; nil where there is none.
  package var accuracy: Double? {
    summary.flatMap { $0.learned.accuracies.isEmpty ? nil : Summary($0.learned.accuracies).mean }
  }

  /// Outer steps done.
  package var steps: Int? { summary?.outerSteps ?? history?.steps }

  /// The last line of `metrics.csv` that is whole: outer step first, seconds fifth.
  private static func history(of folder: RunFolder) -> (steps: Int, seconds: Double)? {
    guard let data = FileManager.default.contents(atPath: folder.metrics) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    for line in lines.reversed() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      if cells.count >= 5, let step = Int(cells[0]), let seconds = Double(cells[4]) {
        return (step, seconds)
      }
    }
    return nil
  }
}

extension RunRecord {
  /// Rows of runs in groups that have the values of some settings in common.
  ///
  /// - Parameters:
  ///   - group: what the numbers of groups, which count from 1, are called.
  ///   - keys: the settings' keys.
  static func csv(
    group: String, keys: [String], _ groups: [(values: [String], records: [RunRecord])]
  ) -> String {
    CSV.line([group, "folder", "seed"] + keys + columns)
      + groups.enumerated().map { index, group in
        group.records.map { record in
          CSV.line(
            ["\(index + 1)", record.folder.path, "\(record.seed)"] + group.values + record.cells)
        }.joined()
      }.joined()
  }

  private static let columns = [
    "state", "validation", "best_step", "start_test_loss", "test_loss", "test_accuracy",
    "outer_steps", "seconds",
  ]

  private var cells: [String] {
    [
      isNotFinite ? "diverged" : "finished", CSV.number(validation),
      summary.map { "\($0.step)" } ?? "", CSV.number(startLoss), CSV.number(loss),
      CSV.number(accuracy), steps.map { "\($0)" } ?? "", CSV.number(history?.seconds),
    ]
  }
}

extension [RunRecord] {
  /// The mean accuracy as tables show it; `—` where not all runs have one.
  var accuracyText: String {
    let accuracies = compactMap(\.accuracy)
    return accuracies.count == count ? Format.percent(Summary(accuracies).mean) : "—"
  }
}
