import Arms
import Checkpoints
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms

/// What one arm chose in one repetition, and how that fared on test runs.
package struct AblationCell: Codable, Sendable, Equatable {
  package private(set) var name: String
  /// What was chosen, in words.
  package let choice: String
  /// How it was chosen, in words.
  package let method: String
  package let gradients: Int
  package let products: Int
  /// Whether its runs start from weights that it learned.
  package let hasOwnWeights: Bool
  /// Whether it was chosen by runs on the tuning seeds.
  package let hasTuned: Bool
  /// What choosing took, what other arms had computed of it included.
  package let seconds: Double
  /// Their losses on the way.
  package let curve: CurveSummary
  /// Losses of test runs; nil for one that diverged.
  private let losses: [Double?]
  /// Accuracies of test runs; empty where the task has none.
  package let accuracies: [Double]

  init<Task: LearningTask>(
    _ choice: ArmChoice<Task>, hasTuned: Bool, seconds: Double, test: TestedRuns
  ) {
    name = choice.name
    self.choice = choice.choice
    method = choice.method
    (gradients, products) = (choice.budget.gradients, choice.budget.products)
    hasOwnWeights = !choice.learned.initialWeights.isEmpty
    self.hasTuned = hasTuned
    self.seconds = seconds
    losses = test.end.objectives.map { $0.isFinite ? $0 : nil }
    accuracies = test.end.accuracies
    curve = CurveSummary(test.curves)
  }

  /// The same cell by another name.
  func named(_ name: String) -> AblationCell {
    var copy = self
    copy.name = name
    return copy
  }

  package var budget: Budget { Budget(gradients: gradients, products: products) }

  /// Losses of test runs, +∞ for one that diverged.
  package var objectives: [Double] { losses.map { $0 ?? .infinity } }
}

/// A cell's file: what was computed, and with what.
struct AblationCellFile: Codable {
  private let version: String
  private let kernels: String
  private let blas: String
  /// Nil where the arm has nothing to choose.
  let cell: AblationCell?

  init(_ cell: AblationCell?) {
    self.cell = cell
    (version, kernels, blas) = (Provenance.version, Host.kernels, Host.blas)
  }

  /// Whether another version, processor or library computed it, so that the same computation might
  /// have given other bits.
  var isFromElsewhere: Bool {
    (version, kernels, blas) != (Provenance.version, Host.kernels, Host.blas)
  }

  /// The cell of a file; nil where there is none.
  ///
  /// - Throws: `RunError` where the file is no cell's.
  static func read(_ path: String) throws(RunError) -> AblationCellFile? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let data = FileManager.default.contents(atPath: path),
      let file = try? JSONDecoder().decode(AblationCellFile.self, from: data)
    else { throw .damagedCell(path: path) }
    return file
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(self)), to: path)
  }
}
