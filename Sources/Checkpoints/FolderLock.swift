import HDF5Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The exclusive right to write a folder, held until the value is gone or its process dies.
///
/// The kernel keeps the lock (`flock` on a file in the folder), so that none outlives its holder;
/// the file stays, and names the last holder for messages.
public final class FolderLock: Sendable {
  /// The name of the file that is locked.
  public static let fileName = ".lock"

  private let descriptor: Int32

  /// Takes the lock of a folder that exists, or says who holds it.
  public init(_ folder: String) throws(CheckpointError) {
    let path = "\(folder)/\(Self.fileName)"
    let descriptor = uninterrupted(open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644))
    guard descriptor >= 0 else { throw .file(FileError("open", path, code: errno)) }
    guard uninterrupted(flock(descriptor, LOCK_EX | LOCK_NB)) == 0 else {
      let code = errno
      let holder = Self.holder(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw .file(FileError("lock", path, code: code)) }
      throw .locked(path: path, holder: holder)
    }
    self.descriptor = descriptor
    // Only for messages: a failure takes nothing from the lock.
    let text = Array("process \(getpid())\n".utf8)
    _ = uninterrupted(ftruncate(descriptor, 0))
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      .split(whereSeparator: \.isNewline).first.map(String.init)
    return text ?? "another process"
  }
}
