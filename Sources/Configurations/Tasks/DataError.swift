import HDF5Files

/// Data that cannot be used.
public enum DataError: Error, Equatable, CustomStringConvertible {
  /// A file or folder that cannot be read.
  case unreadable(path: String, reason: String)
  /// A file whose contents do not fit the task.
  case unsuitable(path: String, found: String, expected: String)

  /// A file that HDF5 refused.
  package init(reading path: String, _ error: HDF5Error) {
    self = .unreadable(path: path, reason: error.isOfFileSystem ? error.found : "\(error)")
  }

  /// Whether the disk rather than the contents is to blame.
  public var isInputOutput: Bool {
    if case .unreadable = self { true } else { false }
  }

  /// In one line.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .unsuitable(let path, let found, let expected):
      "cannot use \(path): found \(found), expected \(expected)"
    }
  }
}
