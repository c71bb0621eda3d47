/// Why a file of arrays could not be read or written.
public struct ArrayFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What sort of thing went wrong, for callers that decide by it.
  public enum Kind: String, Sendable, Equatable {
    /// Bytes that are not what the format asks for.
    case damaged
    /// A well-formed file that uses what is refused here: objects, encryption, complex numbers.
    case unsupported
    /// A size above the limits.
    case limit
    /// A value that is missing.
    case missing
    /// Arrays that the format cannot hold.
    case invalid
  }

  /// What sort of failure it is.
  public let kind: Kind
  /// Where in the file: `tensor weight`, `line 7`; empty for the whole.
  public let place: String
  /// What was found.
  public let found: String
  /// What was expected, and what to do.
  public let expected: String

  /// A failure of the given parts.
  public init(_ kind: Kind, at place: String = "", found: String, expected: String) {
    self.kind = kind
    self.place = place
    self.found = found
    self.expected = expected
  }

  /// The same failure where a name says which array it is of.
  func within(_ outer: String) -> ArrayFileError {
    ArrayFileError(
      kind, at: place.isEmpty ? outer : "\(place) of \(outer)", found: found, expected: expected)
  }

  /// In one line.
  public var description: String {
    "found \(found)\(place.isEmpty ? "" : " at \(place)"), expected \(expected)"
  }
}
