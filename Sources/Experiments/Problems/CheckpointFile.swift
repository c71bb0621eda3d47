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
    let tree: HDF5Tree
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(path: path)
    } catch {
      // What is there and no checkpoint is a bad one.
      guard !error.isOfFileSystem else { throw DataError(reading: path, error) }
      throw CheckpointError.unreadable(path: path, error)
    }
    guard tree[group: "/"].attributes["format"] == .string(CheckpointSeal.checkpoint.format) else {
      throw DataError.unsuitable(
        path: path, found: "a file of another kind", expected: "a checkpoint of a run")
    }
    try CheckpointSeal.checkpoint.verify(tree, at: path)
    return tree
  }
}
