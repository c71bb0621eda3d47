import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that appear whole or not at all, whenever the process is killed.
///
/// The bytes go to a temporary file in the same folder, to the disk, and then to their name in one
/// step of the file system; the folder follows to the disk.
package enum AtomicFile {
  /// How the names of temporary files end: `.index.json.1234-1.metarate-tmp`.
  static let suffix = ".metarate-tmp"

  private static let counter = Atomic<UInt64>(0)
  /// How often a temporary file is begun anew that others take for their own or for stale.
  private static let mostTrials = 100

  /// Writes a file of mode 0644, replacing one of that name; on an error the old one stays.
  ///
  /// The first write to a folder also removes temporary files that dead processes left there.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let (folder, name) = split(path)
    StaleTemporaries.removeOnce(from: folder)
    for _ in 0..<mostTrials {
      let temporary = try complete(bytes, for: name, in: folder)
      // Unlocked before it gets its name: HDF5 locks what it opens, and would be refused. Whoever
      // takes it for stale in between has us write it again.
      if uninterrupted(rename(temporary, path)) == 0 { return try synchronize(folder: folder) }
      let code = errno
      guard code == ENOENT, access(folder, F_OK) == 0 else {
        uninterrupted(unlink(temporary))
        throw FileError("rename \(temporary) to", path, code: code)
      }
    }
    throw FileError("write", path, reason: "its temporary files are removed as they are written")
  }

  /// A temporary file that has all the bytes, on the disk.
  private static func complete(
    _ bytes: [UInt8], for name: String, in folder: String
  ) throws(FileError) -> String {
    let (temporary, descriptor) = try createTemporary(for: name, in: folder)
    defer {
      StaleTemporaries.release(descriptor)
      close(descriptor)
    }
    do throws(FileError) {
      try write(bytes, to: descriptor, path: temporary)
      guard uninterrupted(fchmod(descriptor, 0o644)) == 0 else {
        throw FileError("set the mode of", temporary, code: errno)
      }
      guard uninterrupted(fsync(descriptor)) == 0 else {
        throw FileError("flush to the disk", temporary, code: errno)
      }
    } catch {
      uninterrupted(unlink(temporary))
      throw error
    }
    return temporary
  }

  /// Keeps a file that is damaged under another name, `trajectory.h5.damaged`, so that nothing writes
  /// over it.
  ///
  /// - Returns: where it is.
  package static func setAside(_ path: String) throws(FileError) -> String {
    let place = freeName(beside: path)
    guard uninterrupted(rename(path, place)) == 0 else {
      throw FileError("rename \(path) to", place, code: errno)
    }
    try synchronize(folder: folder(of: path))
    return place
  }

  /// The same of a copy: the file stays.
  package static func copyAside(_ path: String) throws(FileError) -> String {
    let place = freeName(beside: path)
    try write(try RegularFile.read(path, limit: .max), to: place)
    return place
  }

  /// A name for a damaged file that none has yet; two processes do not write one folder.
  private static func freeName(beside path: String) -> String {
    var (place, number) = ("\(path).damaged", 1)
    while access(place, F_OK) == 0 {
      number += 1
      place = "\(path).damaged-\(number)"
    }
    return place
  }

  /// Removes a file; one that is not there is no error.
  package static func remove(_ path: String) throws(FileError) {
    guard uninterrupted(unlink(path)) == 0 || errno == ENOENT else {
      throw FileError("remove", path, code: errno)
    }
  }

  /// Puts a folder's list of names on the disk.
  package static func synchronize(folder: String) throws(FileError) {
    let descriptor = uninterrupted(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    guard descriptor >= 0 else { throw FileError("open", folder, code: errno) }
    defer { close(descriptor) }
    // Some network file systems know no such thing, and say so.
    guard uninterrupted(fsync(descriptor)) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw FileError("flush to the disk", folder, code: errno)
    }
  }

  /// The folder of a path.
  package static func folder(of path: String) -> String { split(path).folder }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.utf8.index(after: slash)...]))
  }

  private static func createTemporary(
    for name: String, in folder: String
  ) throws(FileError) -> (path: String, descriptor: Int32) {
    // A name is taken only by chance, or by a dead process that had this one's number.
    for _ in 0..<mostTrials {
      let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
      let path = "\(folder)/.\(name).\(getpid())-\(number)\(suffix)"
      let descriptor = uninterrupted(
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600))
      if descriptor < 0 {
        guard errno == EEXIST || errno == EINTR else {
          throw FileError("create", path, code: errno)
        }
        continue
      }
      if StaleTemporaries.claim(descriptor) { return (path, descriptor) }
      close(descriptor)
      uninterrupted(unlink(path))
    }
    throw FileError("create a temporary file for", "\(folder)/\(name)", reason: "no name is free")
  }

  /// Writes bytes where a descriptor stands; `path` appears in the error.
  package static func write(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(FileError) {
    var code: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        #if canImport(Glibc)
          let written = Glibc.write(descriptor, part.baseAddress, part.count)
        #else
          let written = Darwin.write(descriptor, part.baseAddress, part.count)
        #endif
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if written == 0 {
          code = ENOSPC
          return
        } else if errno != EINTR {
          code = errno
          return
        }
      }
    }
    guard code == 0 else { throw FileError("write", path, code: code) }
  }
}
