import Files

/// Files that users name.
package enum UserFile {
  /// The bytes of a regular file, which may be behind a symbolic link.
  ///
  /// - Throws: `DataError.unreadable` where the system refuses it, or it is larger than files may be.
  package static func bytes(of path: String) throws(DataError) -> [UInt8] {
    do throws(FileError) {
      return try RegularFile.read(
        path, limit: FileLimits.current.fileBytes, followingLinks: true)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
  }
}
