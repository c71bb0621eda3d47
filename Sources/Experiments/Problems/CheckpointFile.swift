import Checkpoints
import Configurations
import HDF5Files

/// A checkpoint that stands by itself, as users name it.
enum CheckpointFile {
  /// What it holds, after its seal is proven.
  ///
  /// - Throws: `DataError` for a file that is not there or of another kind, `CheckpointError` for
  ///   one that is damaged.
  static func read(_ path: String) throws -> HDF5Tree {
    let tree = try decode(path)
    guard tree[group: "/"].attributes["format"] == .string(CheckpointSeal.checkpoint.format) else {
      throw DataError.unsuitable(
        path: path, found: "a file of another kind", expected: "a checkpoint of a run")
    }
    try CheckpointSeal.checkpoint.verify(tree, at: path)
    return tree
  }

  /// What a file holds, whatever kind of HDF5 file it is.
  ///
  /// - Throws: as `read`, but for the seal.
  static func decode(_ path: String) throws -> HDF5Tree {
    try telling(path) { () throws(HDF5Error) in try HDF5Image.decode(path: path) }
  }

  /// What can be read of a file, and why the rest cannot.
  ///
  /// - Throws: as `decode`, where nothing can.
  static func survey(_ path: String) throws -> (tree: HDF5Tree, passedOver: [HDF5Error]) {
    try telling(path) { () throws(HDF5Error) in try HDF5Image.survey(path: path) }
  }

  /// What the system refuses to read may be intact; what is there and cannot be parsed is damaged.
  private static func telling<Contents>(
    _ path: String, _ read: () throws(HDF5Error) -> Contents
  ) throws -> Contents {
    do throws(HDF5Error) {
      return try read()
    } catch {
      guard !error.isOfFileSystem else { throw DataError(reading: path, error) }
      throw CheckpointError.unreadable(path: path, error)
    }
  }
}
