#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A refusal by the operating system, or a file that is not what was asked for.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done, as an infinitive: `rename`.
  public let operation: String
  /// The file's path.
  public let path: String
  /// Why, in words.
  public let reason: String
  /// The system's `errno`; nil where the file itself is not what was asked for.
  public let code: Int32?
  /// Whether the file was simply not there, nor perhaps the folder that it would be in.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Whether the system refused to read what may be intact: another time it may be there whole.
  public var isRefusal: Bool { code != nil && !isMissing }

  /// A failed operation on a file that is not what was asked for.
  public init(_ operation: String, _ path: String, reason: String) {
    (self.operation, self.path, self.reason, code) = (operation, path, reason, nil)
  }

  /// The error that `errno` tells of.
  public init(_ operation: String, _ path: String, code: Int32) {
    (self.operation, self.path, self.code) = (operation, path, code)
    reason = String(cString: strerror(code))
  }

  /// In one line.
  public var description: String { "cannot \(operation) \(path): \(reason)" }
}
