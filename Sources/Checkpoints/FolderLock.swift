import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The exclusive right to write a folder, held until the value is gone or its process dies.
///
/// The kernel keeps the lock (`flock` on a file in the folder), so that none outlives its holder;
/// the file stays, and names the last holder for messages. Where the file system knows no such locks,
/// as some network file systems do not, an `OwnerFile` takes their place.
public final class FolderLock: Sendable {
  /// The name of the file that is locked.
  public static let fileName = ".lock"
  /// The name of the file that stands for the lock where the file system knows none.
  public static let ownerName = ".lock-owner"

  private let descriptor: Int32
  private let owner: OwnerFile?

  /// What is worth telling of how the lock is held; nil where the kernel holds it.
  public let note: String?

  /// Takes the lock of a folder that exists, or says who holds it.
  public convenience init(_ folder: String) throws(CheckpointError) {
    try self.init(folder) { flock($0, LOCK_EX | LOCK_NB) }
  }

  /// The same with another way to lock a file, which returns what `flock` does.
  package init(_ folder: String, locking: (Int32) -> Int32) throws(CheckpointError) {
    let path = "\(folder)/\(Self.fileName)"
    let descriptor = uninterrupted(open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644))
    guard descriptor >= 0 else { throw .file(FileError("open", path, code: errno)) }
    do {
      let isKnown = try Self.lock(descriptor, path, locking)
      owner = isKnown ? nil : try OwnerFile("\(folder)/\(Self.ownerName)", clock: descriptor)
      note =
        isKnown
        ? nil
        : "the file system of \(folder) has no locks: \(Self.ownerName) there keeps others out"
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    // Only for messages: a failure takes nothing from the lock.
    let text = Array("process \(getpid())\n".utf8)
    _ = uninterrupted(ftruncate(descriptor, 0))
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit {
    // Not by closing alone: a process that was begun meanwhile may have the descriptor for a moment.
    uninterrupted(flock(descriptor, LOCK_UN))
    close(descriptor)
  }

  /// Locks a file; false where the file system knows no locks.
  private static func lock(
    _ descriptor: Int32, _ path: String, _ locking: (Int32) -> Int32
  ) throws(CheckpointError) -> Bool {
    if uninterrupted(locking(descriptor)) == 0 { return true }
    switch errno {
    case EWOULDBLOCK: throw .locked(path: path, holder: holder(descriptor))
    case ENOSYS, ENOTSUP, ENOLCK, EINVAL: return false
    default: throw .file(FileError("lock", path, code: errno))
    }
  }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      .split(whereSeparator: \.isNewline).first.map(String.init)
    return text ?? "another process"
  }
}
