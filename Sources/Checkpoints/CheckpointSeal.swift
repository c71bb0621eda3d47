import Files
import HDF5Files

/// The attributes of the root that say what a file is and let it prove itself.
///
///     format           metarate-checkpoint, metarate-trajectory or metarate-curves
///     format_version   2; 1 called outer steps meta-steps
///     content_sha256   ContentHash of the rest
public struct CheckpointSeal: Sendable, Equatable {
  /// The attribute `format`.
  public let format: String
  /// The attribute `format_version`; files of a later one are refused.
  public let version: Int64

  /// The seal of a format and a version of it.
  public init(format: String, version: Int64) {
    self.format = format
    self.version = version
  }

  /// The seal of a state from which a run resumes.
  public static let checkpoint = CheckpointSeal(format: "metarate-checkpoint", version: 2)
  /// The seal of a run's history.
  public static let trajectory = CheckpointSeal(format: "metarate-trajectory", version: 2)
  /// The seal of losses of training runs, step by step.
  public static let curves = CheckpointSeal(format: "metarate-curves", version: 1)

  /// The tree with the seal's attributes, and its hash.
  public func sealing(_ tree: HDF5Tree) -> (tree: HDF5Tree, content: SHA256Digest) {
    var tree = tree
    tree[group: "/"].attributes["format"] = .string(format)
    tree[group: "/"].attributes["format_version"] = .integer(version)
    let content = ContentHash.digest(of: tree)
    tree[group: "/"].attributes[ContentHash.attribute] = .string(content.hex)
    return (tree, content)
  }

  /// Writes a tree with the seal to a file in one atomic step.
  func write(_ tree: HDF5Tree, to path: String) throws(CheckpointError) {
    let bytes: [UInt8]
    do {
      bytes = try HDF5Image.encode(sealing(tree).tree)
    } catch {
      throw .unwritable(path: path, error)
    }
    do {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }

  /// The hash of a tree whose seal is right; `path` appears in the errors.
  @discardableResult
  public func verify(_ tree: HDF5Tree, at path: String) throws(CheckpointError) -> SHA256Digest {
    let attributes = tree[group: "/"].attributes
    guard attributes["format"] == .string(format) else {
      let found = attributes["format"]?.stringValue.map { "the format \($0)" } ?? "no format"
      throw .wrongFormat(path: path, found: found, expected: format)
    }
    guard let version = attributes["format_version"]?.integerValue,
      (1...self.version).contains(version)
    else {
      let found = attributes["format_version"]?.integerValue.map { "version \($0)" } ?? "no version"
      throw .wrongFormat(path: path, found: found, expected: "at most version \(self.version)")
    }
    let content = ContentHash.digest(of: tree)
    guard let stored = attributes[ContentHash.attribute]?.stringValue, stored == content.hex else {
      throw .damaged(
        path: path, found: "contents of hash \(content)",
        expected: attributes[ContentHash.attribute]?.stringValue ?? "the attribute content_sha256")
    }
    return content
  }
}
