import Checkpoints
import Configurations
import Files
import HDF5Files
import Reports

/// What the files of a run's folder are worth: each is read whole and proven, as a resume would.
package struct FolderAudit {
  /// A file, what it holds, and what is wrong with it.
  package struct File: Sendable {
    package let path: String
    package let contents: String
    package fileprivate(set) var problem: String?
    /// Whether it is not there.
    var isMissing = false
    /// The seed of the run whose state it is, where it says so.
    var seed: Int64?
    /// Its last component.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
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
    let (audited, warnings) = try folder.checkpointFolder().audit()
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
    files += try FolderAudit.others(of: folder)
    requireOneRun(audited.last { $0.seed != nil })
    try addMissing(of: folder)
  }

  /// Says where the best state is of a run of another seed than the newest checkpoint.
  private mutating func requireOneRun(_ newest: CheckpointFolder.Audited?) {
    guard let newest,
      let index = files.firstIndex(where: { $0.name == CheckpointFolder.bestName }),
      let seed = files[index].seed, seed != newest.seed
    else { return }
    files[index].problem =
      "\(files[index].path) is of another run than \(newest.name): its seed is another"
  }

  /// What every run keeps beside its checkpoints, where it is not there.
  private mutating func addMissing(of folder: RunFolder) throws {
    // A folder of checkpoints alone is no run's.
    guard try RunFolder.has(folder.checkpoints) else { return }
    for (path, contents) in [
      (folder.configuration, "the settings"), (folder.trajectory, "the history"),
    ] where try !RunFolder.has(path) {
      files.append(
        File(path: path, contents: contents, problem: "\(path) is missing", isMissing: true))
    }
  }

  private mutating func add(_ name: String, _ contents: String, _ error: (any Error)?) {
    files.append(File(path: name, contents: contents, problem: error.map { "\($0)" }))
  }

  /// The files beside the numbered checkpoints, those that are there.
  ///
  /// - Throws: for what the system refuses to read.
  static func others(of folder: RunFolder) throws -> [File] {
    let best = "\(try folder.checkpointFolder().path)/\(CheckpointFolder.bestName)"
    let kinds: [(path: String, contents: String, read: (String) throws -> Int64?)] = [
      (best, "the best state", { TrainingCheckpoint.seed(of: try CheckpointFile.read($0)) }),
      (
        folder.trajectory, "the history",
        {
          try CheckpointSeal.trajectory.verify(try CheckpointFile.decode($0), at: $0)
          return nil
        }
      ),
      (
        folder.summary, "what test runs came to",
        { _ in
          _ = try RunSummary(of: folder)
          return nil
        }
      ),
      (
        "\(folder.path)/curves.h5", "losses step by step",
        {
          try CheckpointSeal.curves.verify(try CheckpointFile.decode($0), at: $0)
          return nil
        }
      ),
    ]
    return try kinds.filter { try RunFolder.has($0.path) }.map { path, contents, read in
      do {
        return File(path: path, contents: contents, problem: nil, seed: try read(path))
      } catch  where isRefusal(error) {
        throw error
      } catch {
        return File(path: path, contents: contents, problem: "\(error)")
      }
    }
  }

  /// Whether the system refused to read what may be intact.
  private static func isRefusal(_ error: any Error) -> Bool {
    switch error {
    case let error as DataError: error.isInputOutput
    case let error as CheckpointError: error.isInputOutput
    case RunError.file: true
    default: false
    }
  }

  /// How many files are damaged.
  package var damagedCount: Int { files.count { $0.problem != nil } }

  /// A table, and what is wrong.
  package var text: String {
    let table = Table(
      [.left("file"), .left("holds"), .left("state")],
      rows: files.map {
        [
          $0.name, $0.contents,
          $0.problem == nil ? "intact" : $0.isMissing ? "missing" : "damaged",
        ]
      })
    let lines = files.compactMap(\.problem) + notes
    return table.text + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n"))
  }
}
