import Checkpoints
import Files

/// What a folder of results has. What the system does not say is an error, never taken for absence:
/// results would be begun anew over those that are there.
extension RunFolder {
  /// Far more than any text that a run leaves.
  private static let mostBytes = 1 << 28

  /// Whether there is a file or a folder at a path.
  package static func has(_ path: String) throws(RunError) -> Bool {
    do throws(FileError) {
      return try Presence.isThere(path)
    } catch {
      throw .file(error)
    }
  }

  /// Refuses the path of a new file or folder at which there is one, or whose own folder is not there.
  package static func requireNew(_ path: String) throws(RunError) {
    guard try !has(path) else { throw .fileInTheWay(path: path) }
    let folder = AtomicFile.folder(of: path)
    guard isThere(folder) else {
      throw .folderUnusable(path: folder, reason: "it is not there")
    }
  }

  /// The names in a folder.
  static func names(in folder: String) throws(RunError) -> [String] {
    do throws(FileError) {
      return try FolderListing.names(in: folder)
    } catch {
      throw .file(error)
    }
  }

  /// Whether there is a file or a folder at any of some paths.
  static func has(anyOf paths: [String]) throws(RunError) -> Bool {
    for path in paths where try has(path) { return true }
    return false
  }

  /// The folder's checkpoints: a folder of checkpoints alone is one as well.
  func checkpointFolder() throws(RunError) -> CheckpointFolder {
    CheckpointFolder(try RunFolder.has(checkpoints) ? checkpoints : path)
  }

  /// The names in a folder; nil where it is not there.
  static func names(in path: String) throws(RunError) -> [String]? {
    try present { () throws(FileError) in try FolderListing.names(in: path) }
  }

  /// The bytes of a file; nil where it is not there.
  static func contents(of path: String) throws(RunError) -> [UInt8]? {
    try present { () throws(FileError) in
      try RegularFile.read(path, limit: mostBytes, followingLinks: true)
    }
  }

  private static func present<Found>(
    _ find: () throws(FileError) -> Found
  ) throws(RunError) -> Found? {
    do throws(FileError) {
      return try find()
    } catch {
      if error.isMissing { return nil }
      throw .file(error)
    }
  }
}
