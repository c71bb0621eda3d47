import Checkpoints
import Configurations
import Files
import HDF5Files
import Reports

/// What the files of a run's folder are worth: each is read whole and proven, as a resume would.
package struct FolderAudit {
  /// A file, what it holds, and what is wrong with it.
  package struct File: Sendable {
    package let name: String
    package let contents: String
    package let problem: String?
  }

  /// Those that are there.
  package private(set) var files: [File] = []
  /// What else is worth knowing, and no damage.
  package private(set) var notes: [String] = []

  /// Reads a run's folder, or a folder of checkpoints alone.
  ///
  /// - Throws: for what the system refuses to read, and a folder without a checkpoint.
  package init(of path: String) throws {
    let folder = RunFolder(path)
    let checkpoints = RunFolder.isThere(folder.checkpoints) ? folder.checkpoints : folder.path
    guard RunFolder.isThere(path) else { throw RunError.noCheckpoint(path: path) }
    let (audited, warnings) = try CheckpointFolder(checkpoints).audit()
    guard !audited.isEmpty else { throw RunError.noCheckpoint(path: path) }
    for checkpoint in audited {
      switch checkpoint.result {
      case .success(let entry):
        add(checkpoint.name, "the state after outer step \(entry.outerStep)", nil)
      case .failure(let error):
        add(checkpoint.name, "outer step \(checkpoint.outerStep)", error)
      }
    }
    for warning in warnings {
      if case .withoutIndex(let error) = warning {
        if case .file(let file) = error, file.isMissing {
          notes.append("there is no index.json")
        } else {
          add("index.json", "list of checkpoints", error)
        }
      } else {
        notes.append("\(warning)")
      }
    }
    try addIfThere("\(checkpoints)/\(CheckpointFolder.bestName)", "the best state") {
      _ = try CheckpointFile.read($0)
    }
    try addIfThere(folder.trajectory, "the history") { path in
      try FolderAudit.verifyTrajectory(path)
    }
    try addIfThere(folder.summary, "what test runs came to") { _ in _ = try RunSummary(of: folder) }
  }

  private static func verifyTrajectory(_ path: String) throws {
    let tree: HDF5Tree
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(path: path)
    } catch {
      throw CheckpointError.unreadable(path: path, error)
    }
    try CheckpointSeal.trajectory.verify(tree, at: path)
  }

  private mutating func add(_ name: String, _ contents: String, _ error: (any Error)?) {
    files.append(File(name: name, contents: contents, problem: error.map { "\($0)" }))
  }

  private mutating func addIfThere(
    _ path: String, _ contents: String, _ read: (String) throws -> Void
  ) throws {
    guard try RunFolder.has(path) else { return }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    do {
      try read(path)
      add(name, contents, nil)
    } catch let error as CheckpointError where error.isInputOutput {
      throw error
    } catch {
      add(name, contents, error)
    }
  }

  /// How many files are damaged.
  package var damagedCount: Int { files.count { $0.problem != nil } }

  /// A table, and what is wrong.
  package var text: String {
    let table = Table(
      [.left("file"), .left("holds"), .left("state")],
      rows: files.map { [$0.name, $0.contents, $0.problem == nil ? "intact" : "damaged"] })
    let lines = files.compactMap(\.problem) + notes
    return table.text + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n"))
  }
}
