import HDF5Files

/// Data that cannot be used.
public enum DataError: Error, Equatable, CustomStringConvertible {
  /// A file or folder that cannot be read.
  case unreadable(path: String, reason: String)
  /// A file whose bytes are not what they should be, or more than is allowed.
  case damaged(path: String, reason: String)
  /// A file whose contents do not fit the task.
  case unsuitable(path: String, found: String, expected: String)

  /// A file that HDF5 refused.
  package init(reading path: String, _ error: HDF5Error) {
    self =
      error.isOfFileSystem
      ? .unreadable(path: path, reason: error.found) : .damaged(path: path, reason: "\(error)")
  }

  /// Whether the file itself is at fault, whatever reads it.
  public var isDamage: Bool {
    if case .damaged = self { true } else { false }
  }

  /// Whether the disk rather than the contents is to blame.
  public var isInputOutput: Bool {
    if case .unreadable = self { true } else { false }
  }

  /// In one line.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason), .damaged(let path, let reason):
      "cannot read \(path): \(reason)"
    case .unsuitable(let path, let found, let expected):
      "cannot use \(path): found \(found), expected \(expected)"
    }
  }
}
