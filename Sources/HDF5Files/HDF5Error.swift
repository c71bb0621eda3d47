/// Why an HDF5 file could not be written or read.
package struct HDF5Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// What sort of thing went wrong, for callers that decide by it.
  package enum Kind: Sendable, Equatable {
    /// The operating system refused: missing, not a regular file, unreadable.
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

  package let kind: Kind
  /// What was being done, as an infinitive: `read the dataset`.
  package let action: String
  /// The path within the file, or of the file.
  package let path: String
  package let found: String
  package let expected: String

  package init(
    _ kind: Kind, _ action: String, at path: String, found: String, expected: String = ""
  ) {
    self.kind = kind
    self.action = action
    self.path = path
    self.found = found
    self.expected = expected
  }

  package var description: String {
    "cannot \(action) \(path): found \(found)" + (expected.isEmpty ? "" : ", expected \(expected)")
  }
}
