import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Temporary files whose process has died.
///
/// A process holds a lock on its temporary file, which the kernel drops when the process dies: a
/// file whose lock is free is stale. Process numbers would not tell: a restarted container gives
/// the same ones again.
package enum StaleTemporaries {
  /// The folders that were looked at.
  private static let swept = Mutex<Set<String>>([])

  /// Locks a new temporary file; false if somebody took it for stale just before.
  static func claim(_ descriptor: Int32) -> Bool {
    if uninterrupted(flock(descriptor, LOCK_EX | LOCK_NB)) != 0, errno == EWOULDBLOCK {
      return false
    }
    // A file system without locks has no stale files found either, so going on is safe.
    var information = stat()
    return uninterrupted(fstat(descriptor, &information)) == 0 && information.st_nlink > 0
  }

  /// Unlocks a file that is complete. Not by closing alone: a process that was begun meanwhile may have
  /// the descriptor for a moment.
  static func release(_ descriptor: Int32) { uninterrupted(flock(descriptor, LOCK_UN)) }

  /// Removes the stale ones from a folder that this process has not looked at: what another one leaves
  /// there later waits for the next.
  static func removeOnce(from folder: String) {
    guard swept.withLock({ $0.insert(folder).inserted }) else { return }
    // Where the system did not list the folder, the next write looks again.
    if !remove(from: folder) { swept.withLock { _ = $0.remove(folder) } }
  }

  /// Removes the stale ones from a folder; what cannot be removed is left for the next time.
  ///
  /// - Returns: whether the folder was listed.
  @discardableResult
  package static func remove(from folder: String) -> Bool {
    guard let listing = try? FolderListing.names(in: folder) else { return false }
    for name in listing
    where name.utf8.first == UInt8(ascii: ".") && name.hasSuffix(AtomicFile.suffix) {
      let path = "\(folder)/\(name)"
      let descriptor = uninterrupted(open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC))
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      if uninterrupted(flock(descriptor, LOCK_EX | LOCK_NB)) == 0 { uninterrupted(unlink(path)) }
    }
    return true
  }
}
