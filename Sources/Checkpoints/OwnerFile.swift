import Dispatch
import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The right to write a folder where the file system has no locks: a file that only one process can
/// make, which names its owner and is touched while the owner lives.
///
/// An owner of this machine whose process is gone has lost it; any other after two minutes without a
/// touch, by the clock of the file system.
final class OwnerFile: Sendable {
  /// Seconds between touches.
  private static let beat = 20
  /// Seconds without a touch after which an owner is taken for dead.
  private static let patience = 120

  private let path: String
  private let owner: [UInt8]
  /// Any thread may cancel a timer, whatever its type says.
  private nonisolated(unsafe) let heartbeat: any DispatchSourceTimer

  /// Takes the right, from a dead owner too.
  ///
  /// - Parameters:
  ///   - path: the file's.
  ///   - clock: a file beside it, whose time after a touch is the file system's now.
  /// - Throws: `CheckpointError.locked` where somebody has it.
  init(_ path: String, clock: Int32) throws(CheckpointError) {
    self.path = path
    owner = Array("process \(getpid()) on \(Self.machine)\n".utf8)
    var isMade = try Self.make(path, owner)
    if !isMade {
      try Self.removeDead(path, clock: clock)
      isMade = try Self.make(path, owner)
    }
    guard isMade else { throw Self.locked(path) }
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + .seconds(Self.beat), repeating: .seconds(Self.beat))
    timer.setEventHandler { utimensat(AT_FDCWD, path, nil, 0) }
    timer.resume()
    heartbeat = timer
  }

  deinit {
    heartbeat.cancel()
    // Somebody who took us for dead has it now.
    if (try? Self.contents(path)) == owner { uninterrupted(unlink(path)) }
  }

  /// Whether the file was made now; false where there is one.
  private static func make(_ path: String, _ owner: [UInt8]) throws(CheckpointError) -> Bool {
    let descriptor = uninterrupted(
      open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644))
    guard descriptor >= 0 else {
      if errno == EEXIST { return false }
      throw .file(FileError("create", path, code: errno))
    }
    defer { close(descriptor) }
    do {
      try AtomicFile.write(owner, to: descriptor, path: path)
    } catch {
      uninterrupted(unlink(path))
      throw .file(error)
    }
    return true
  }

  /// Removes the file of an owner that is dead.
  private static func removeDead(_ path: String, clock: Int32) throws(CheckpointError) {
    var (there, now) = (stat(), stat())
    guard let owner = try? contents(path), uninterrupted(stat(path, &there)) == 0,
      uninterrupted(futimens(clock, nil)) == 0, uninterrupted(fstat(clock, &now)) == 0
    else { return }
    let isSilent = now.st_mtim.tv_sec - there.st_mtim.tv_sec > patience
    guard isSilent || isGone(owner) else { return }
    // Of two that see a dead owner only one moves its file; the other must not remove the new one.
    let grave = "\(path).\(getpid())"
    guard uninterrupted(rename(path, grave)) == 0 else { return }
    if (try? contents(grave)) != owner { uninterrupted(link(grave, path)) }
    uninterrupted(unlink(grave))
  }

  /// Whether an owner is a process of this machine that has ended.
  private static func isGone(_ owner: [UInt8]) -> Bool {
    let words = String(decoding: owner, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 4, let process = pid_t(words[1]), words[3] == machine else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  private static func locked(_ path: String) -> CheckpointError {
    let owner = (try? contents(path)).map { String(decoding: $0.dropLast(), as: UTF8.self) }
    return .locked(path: path, holder: owner ?? "another process")
  }

  private static func contents(_ path: String) throws(FileError) -> [UInt8] {
    try RegularFile.read(path, limit: 1 << 10)
  }

  /// This machine's name: processes of containers that share it have other numbers, and wait.
  private static var machine: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    return String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
  }
}
