#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether something is at a path.
package enum Presence {
  /// Whether there is a file or a folder, links followed.
  ///
  /// - Throws: where the system does not say. Taken for absence, that would have results begun anew
  ///   over those that are there.
  package static func isThere(_ path: String) throws(FileError) -> Bool {
    var status = stat()
    if uninterrupted(stat(path, &status)) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw FileError("examine", path, code: errno) }
    return false
  }
}
