import Checkpoints
import Foundation

/// The checkpoints that a path names.
package enum AnalyzedFiles {
  /// A checkpoint itself; of a run's folder the best state by validation or, where there is none,
  /// the newest; of a sweep's folder those of its cells.
  ///
  /// - Throws: `RunError.noCheckpoint` for a folder without one.
  package static func of(_ path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let sweep = SweepFolder(path)
    guard sweep.holdsASweep else { return [try checkpoint(of: RunFolder(path))] }
    let names = try FileManager.default.contentsOfDirectory(atPath: sweep.cells).sorted()
    return try names.map { try checkpoint(of: RunFolder("\(sweep.cells)/\($0)")) }
  }

  private static func checkpoint(of folder: RunFolder) throws -> String {
    // The folder of checkpoints alone is one as well.
    let folders = [folder.checkpoints, folder.path]
    for path in folders where FileManager.default.fileExists(atPath: path) {
      let best = "\(path)/\(CheckpointFolder.bestName)"
      if FileManager.default.fileExists(atPath: best) { return best }
      if let step = try CheckpointFolder(path).steps().last {
        return "\(path)/\(CheckpointFolder.name(ofOuterStep: step))"
      }
    }
    throw RunError.noCheckpoint(path: folder.path)
  }
}
