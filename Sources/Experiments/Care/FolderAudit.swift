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
    package let problem: String?
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
    try requireOneRun(of: folder, newest: audited.last { (try? $0.result.get()) != nil }?.name)
    try addMissing(of: folder)
  }

  /// Says where the best state is of a run of another seed than the checkpoints beside it.
  private mutating func requireOneRun(of folder: RunFolder, newest: String?) throws {
    let place = try folder.checkpointFolder().path
    let best = "\(place)/\(CheckpointFolder.bestName)"
    guard let newest, let index = files.firstIndex(where: { $0.path == best }),
      files[index].problem == nil
    else { return }
    let seeds = try [best, "\(place)/\(newest)"].map {
      try CheckpointFile.read($0)["/random/seed"]?.convertedToDouble().first
    }
    guard seeds[0] != seeds[1] else { return }
    files[index] = File(
      path: best, contents: files[index].contents,
      problem: "\(best) is of another run than \(newest): its seed is another")
  }

  /// What every run keeps beside its checkpoints, where it is not there.
  private mutating func addMissing(of folder: RunFolder) throws {
    // A folder of checkpoints alone is no run's.
    guard try RunFolder.has(folder.checkpoints) else { return }
    for (path, contents) in [
      (folder.configuration, "the settings"), (folder.trajectory, "the history"),
    ] where try !RunFolder.has(path) {
      files.append(File(path: path, contents: contents, problem: "\(path) is missing"))
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
    let kinds: [(path: String, contents: String, read: (String) throws -> Void)] = [
      (best, "the best state", { _ = try CheckpointFile.read($0) }),
      (
        folder.trajectory, "the history",
        { try CheckpointSeal.trajectory.verify(try CheckpointFile.decode($0), at: $0) }
      ),
      (folder.summary, "what test runs came to", { _ in _ = try RunSummary(of: folder) }),
      (
        "\(folder.path)/curves.h5", "losses step by step",
        { try CheckpointSeal.curves.verify(try CheckpointFile.decode($0), at: $0) }
      ),
    ]
    return try kinds.filter { try RunFolder.has($0.path) }.map { path, contents, read in
      do {
        try read(path)
        return File(path: path, contents: contents, problem: nil)
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
          $0.problem == nil
            ? "intact" : $0.problem?.hasSuffix("is missing") == true ? "missing" : "damaged",
        ]
      })
    let lines = files.compactMap(\.problem) + notes
    return table.text + (lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n"))
  }
}
