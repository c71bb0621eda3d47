import Configurations
import Foundation
import Settings

/// How far the run of a folder is.
package enum RunStage: Sendable, Equatable {
  /// Nothing has begun.
  case nothing
  /// It was stopped or killed, or is under way.
  case begun
  /// It came to a number that is not finite, which the sentence is about.
  case notFinite(String)
  /// It is done.
  case finished(RunSummary)
}

extension RunFolder {
  /// Refuses a folder in which something else keeps its results, such as an ablation.
  func requireRun() throws(RunError) {
    // A run makes its folder of checkpoints before it says what it is computed with.
    let hasRun = try RunFolder.has(anyOf: [checkpoints, trajectory, journal])
    let isTraining = try RunFolder.has(provenance) && !hasRun
    guard !isTraining, try !RunFolder.has(cells) else {
      throw .foreignResults(path: path, expected: "a run")
    }
  }

  /// How far the run of a folder is.
  ///
  /// - Throws: `RunError.foreignResults` where something else keeps its results there, and
  ///   `RunError.damagedSummary`.
  package func stage() throws(RunError) -> RunStage {
    try requireRun()
    guard try RunFolder.has(configuration) else { return .nothing }
    if let summary = try RunSummary(of: self) { return .finished(summary) }
    guard let text = try RunFolder.contents(of: failure) else { return .begun }
    return .notFinite(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .newlines))
  }

  /// How far the run of a configuration is that the folder is to hold.
  ///
  /// - Throws: also `RunError.otherResults` where it holds another's.
  package func stage(
    of configuration: RunConfiguration, in laboratory: Laboratory
  ) throws -> RunStage {
    let stage = try stage()
    if stage != .nothing { try requireSame(configuration, in: laboratory) }
    return stage
  }
}
