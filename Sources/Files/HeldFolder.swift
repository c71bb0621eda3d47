#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder itself rather than its path, at which another may come to be while a process works in it.
package final class HeldFolder: Sendable {
  private let path: String
  /// Open, so that the file system gives its number to nothing else.
  private let descriptor: Int32

  /// The folder that is at a path now.
  package init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = uninterrupted(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    guard descriptor >= 0 else { throw FileError("open", path, code: errno) }
  }

  deinit { close(descriptor) }

  /// Refuses a path at which there is another folder or none: what is written there would be written
  /// into somebody else's.
  package func requireInPlace() throws(FileError) {
    var (held, found) = (stat(), stat())
    guard uninterrupted(fstat(descriptor, &held)) == 0, uninterrupted(stat(path, &found)) == 0
    else {
      throw FileError("examine", path, code: errno)
    }
    guard (held.st_dev, held.st_ino) == (found.st_dev, found.st_ino) else {
      throw FileError("write", path, reason: "another folder has taken its place since")
    }
  }
}
