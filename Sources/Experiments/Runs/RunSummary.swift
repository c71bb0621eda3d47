import Checkpoints
import Files
import Foundation
import MetaLearning

/// `summary.json`: what a finished run came to, apart from times.
package struct RunSummary: Codable, Sendable, Equatable {
  /// A state on the test runs.
  package struct State: Codable, Sendable, Equatable {
    /// Losses of test runs; nil for one that diverged, as JSON has no infinities.
    private let losses: [Double?]
    /// Fractions of right answers; empty where the task has none.
    package let accuracies: [Double]

    init(_ evaluation: Evaluation) {
      losses = evaluation.objectives.map { $0.isFinite ? $0 : nil }
      accuracies = evaluation.accuracies
    }

    /// Losses of test runs, +∞ for one that diverged.
    package var objectives: [Double] { losses.map { $0 ?? .infinity } }
  }

  /// How many test runs there are.
  package let testRuns: Int
  /// The outer step of the learned state: the best by validation.
  package let step: Int
  /// Outer steps done; nil in files of release 0.2.0 and before, as is `validation`.
  package let outerSteps: Int?
  /// The validation objective of the learned state; nil where validation did not choose it.
  package let validation: Double?
  package let verdict: String
  package let learningHelped: Bool
  /// What learning started from.
  package let initial: State
  package let learned: State
  /// What diagnostics found out of order.
  package let warnings: [String]
  /// Training runs that were left out as not finite; nil where none was.
  package let skippedRuns: Int?
  /// Hash of the rest in a file; nil in files of release 0.2.0 and before.
  private var content: String?

  private enum CodingKeys: String, CodingKey {
    case testRuns = "test_runs"
    case step = "rates_of_step"
    case outerSteps = "outer_steps"
    case validation, verdict
    case learningHelped = "learning_helped"
    case initial, learned, warnings
    case skippedRuns = "skipped_runs"
    case content = "content_sha256"
  }

  init(_ comparison: RateComparison, outerSteps: Int, skippedRuns: Int, warnings: [String]) {
    testRuns = comparison.initial.objectives.count
    step = comparison.step
    self.outerSteps = outerSteps
    validation = comparison.validation.flatMap { $0.isFinite ? $0 : nil }
    let verdict = comparison.verdict
    (self.verdict, learningHelped) = (verdict.text, verdict.isInFavor)
    initial = State(comparison.initial)
    learned = State(comparison.learned)
    self.warnings = warnings
    self.skippedRuns = skippedRuns == 0 ? nil : skippedRuns
  }

  /// The summary of a run's folder; nil where there is none.
  ///
  /// - Throws: `RunError.damagedSummary` where the file is no summary.
  package init?(of folder: RunFolder) throws(RunError) {
    guard let bytes = try RunFolder.contents(of: folder.summary) else { return nil }
    guard var summary = try? JSONDecoder().decode(RunSummary.self, from: Data(bytes)),
      !summary.learned.objectives.isEmpty, !summary.initial.objectives.isEmpty
    else { throw .damagedSummary(path: folder.summary) }
    let content = summary.content
    summary.content = nil
    guard content == nil || content == (try? summary.hash) else {
      throw .damagedSummary(path: folder.summary)
    }
    self = summary
  }

  func write(to folder: RunFolder) throws {
    var sealed = self
    sealed.content = try hash
    try AtomicFile.write(try sealed.json + [0x0A], to: folder.summary)
  }

  private var hash: String {
    get throws { SHA256.digest(of: try json).hex }
  }

  private var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return Array(try encoder.encode(self))
    }
  }
}
