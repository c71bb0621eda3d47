import Checkpoints
import Files
import Reports

/// Puts a run's folder in order without running it: what is damaged is moved aside, never removed, so
/// that what is intact is found.
package enum FolderRepair {
  /// What was done, a line each; none where nothing was out of order.
  ///
  /// - Throws: where somebody writes the folder, or the system refuses to read what may be intact.
  package static func repair(_ path: String) throws -> [String] {
    let folder = RunFolder(path)
    guard try RunFolder.has(folder.checkpoints) else { throw RunError.noCheckpoint(path: path) }
    let lock = try FolderLock(folder.path)
    defer { withExtendedLifetime(lock) {} }
    let others = try FolderAudit.others(of: folder)
    let writer = try CheckpointWriter(folder.checkpoints)
    let repair = try writer.repair()
    var lines = repair.movedAside.map { "\($0.reason)\n  is kept as \($0.place)" }
    if repair.hasNewIndex {
      lines.append("index.json lists \(Format.count(writer.entries.count, "checkpoint")) again")
    }
    for file in others {
      guard let problem = file.problem else { continue }
      lines.append("\(problem)\n  is kept as \(try AtomicFile.setAside(file.path))")
    }
    return lines
  }
}
