#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reading whole regular files, up to a size.
public enum RegularFile {
  /// The bytes of the file at `path`.
  ///
  /// Refuses folders, devices, pipes (without blocking on them) and files above `limit` bytes; and
  /// symbolic links as the last component unless `followingLinks`.
  public static func read(
    _ path: String, limit: Int, followingLinks: Bool = false
  ) throws(FileError) -> [UInt8] {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
    let descriptor = uninterrupted(open(path, flags))
    guard descriptor >= 0 else {
      let code = errno
      guard code == ELOOP, !followingLinks else { throw FileError("open", path, code: code) }
      throw FileError("open", path, reason: "it is a symbolic link, expected a regular file")
    }
    defer { close(descriptor) }
    var information = stat()
    guard uninterrupted(fstat(descriptor, &information)) == 0 else {
      throw FileError("examine", path, code: errno)
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw FileError("read", path, reason: "it is not a regular file")
    }
    let size = Int(information.st_size)
    guard size <= limit else {
      throw FileError("read", path, reason: "it has \(size) bytes, the limit is \(limit)")
    }
    return try read(descriptor, size: size, path: path)
  }

  private static func read(
    _ descriptor: Int32, size: Int, path: String
  ) throws(FileError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let base = buffer.baseAddress {
        #if canImport(Glibc)
          let received = Glibc.read(descriptor, base + count, size - count)
        #else
          let received = Darwin.read(descriptor, base + count, size - count)
        #endif
        if received > 0 {
          count += received
        } else if received == 0 {
          return
        } else if errno != EINTR {
          code = errno
          return
        }
      }
    }
    guard code == 0 else { throw FileError("read", path, code: code) }
    guard bytes.count == size else {
      throw FileError("read", path, reason: "it shrank from \(size) to \(bytes.count) bytes")
    }
    return bytes
  }
}
