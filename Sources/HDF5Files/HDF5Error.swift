/// Why an HDF5 file could not be written or read.
public struct HDF5Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// What sort of thing went wrong, for callers that decide by it.
  public enum Kind: String, Sendable, Equatable {
    /// The operating system refused to open or read the file, which may be intact.
    case refused
    /// There is no such file, or it is not a regular one.
    case file
    /// The HDF5 library refused the bytes or the operation.
    case library
    /// A well-formed file that uses what is refused here: links, filters, element types.
    case unsupported
    /// A dataset or attribute of another type or shape than the reader asked for.
    case mismatch
    /// A path that is not in the file.
    case missing
    /// A size above the limits.
    case limit
    /// A tree that HDF5 cannot express.
    case invalid
  }

  /// What sort of failure it is.
  public let kind: Kind
  /// What was being done, as an infinitive: `read the dataset`.
  public let action: String
  /// The path within the file, or of the file.
  public let path: String
  /// What was found.
  public let found: String
  /// What was expected, and what to do.
  public let expected: String

  /// A failure of the given parts.
  public init(
    _ kind: Kind, _ action: String, at path: String, found: String, expected: String = ""
  ) {
    self.kind = kind
    self.action = action
    self.path = path
    self.found = found
    self.expected = expected
  }

  /// Whether the error is of the file in its file system, and not of what it holds.
  public var isOfFileSystem: Bool { kind == .file || kind == .refused }

  /// In one line.
  public var description: String {
    "cannot \(action) \(path): found \(found)" + (expected.isEmpty ? "" : ", expected \(expected)")
  }
}
