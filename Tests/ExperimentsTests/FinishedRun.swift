import Configurations
import Experiments
import Foundation
import TestSupport

/// Writes what a run leaves in its folder, as far as tables of runs read it.
///
/// - Parameters:
///   - overrides: changes of the shortest configuration.
///   - start: losses of test runs before learning; nil for one that diverged.
///   - learned: the same after it; nil for a run that came to a number that is not finite.
func writeRun(
  to path: String, overrides: [String] = [], validation: Double? = 1, start: [Double?] = [2, 2],
  learned: [Double?]?, accuracies: [Double] = []
) throws {
  let folder = RunFolder(path)
  try FileManager.default.createDirectory(
    atPath: folder.checkpoints, withIntermediateDirectories: true)
  let configuration = try shortConfiguration(overrides: overrides)
  try Array(configuration.canonicalYAML.utf8).write(to: folder.configuration)
  try Array(
    "outer_step,objective,validation,hypergradient_norm,seconds,more\n1,2,,3,1.5,\n2,2,1,3,2.5,\n3,2"
      .utf8
  ).write(to: folder.metrics)
  guard let learned else {
    try Array("outer step 3: the loss is inf\n".utf8).write(to: folder.failure)
    return
  }
  func text(_ losses: [Double?]) -> String {
    losses.map { $0.map { "\($0)" } ?? "null" }.joined(separator: ", ")
  }
  try Array(
    """
    {"test_runs": \(learned.count), "rates_of_step": 2, "outer_steps": 2,
     "validation": \(validation.map { "\($0)" } ?? "null"), "verdict": "v", "learning_helped": true,
     "initial": {"losses": [\(text(start))], "accuracies": \(accuracies)},
     "learned": {"losses": [\(text(learned))], "accuracies": \(accuracies)}, "warnings": []}
    """.utf8
  ).write(to: folder.summary)
}
