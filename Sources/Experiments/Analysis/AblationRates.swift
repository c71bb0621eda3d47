import Arms
import Configurations
import Foundation
import Settings

/// What the arms of an ablation learned, a checkpoint for each repetition.
package struct AblationRates {
  /// An arm.
  package struct Arm: Sendable {
    /// What the ablation's tables call it.
    package let name: String
    /// Checkpoints, one for each repetition that kept one.
    package let files: [String]
  }

  /// Those of which any repetition is kept, in the order of the tables.
  package let arms: [Arm]

  /// Nil where a folder has no ablation.
  ///
  /// - Parameter laboratory: the kinds that its configuration may name.
  /// - Throws: `RunError.noRates` where nothing that was learned is kept.
  package init?(of path: String, in laboratory: Laboratory) throws {
    guard ResultsFolder(path).kind == .ablation else { return nil }
    let folder = RunFolder(path)
    let plan = try AblationPlan(
      try folder.loadConfiguration(in: laboratory), in: folder, laboratory: laboratory)
    let names = plan.names(plan.cells.map { $0.map { $0.file?.cell } })
    arms = plan.arms.indices.compactMap { index in
      let files = plan.cells.map { $0[index].ratesPath }
        .filter(FileManager.default.fileExists(atPath:))
      return files.isEmpty ? nil : Arm(name: names[index], files: files)
    }
    guard !arms.isEmpty else { throw RunError.noRates(path: path) }
  }
}
