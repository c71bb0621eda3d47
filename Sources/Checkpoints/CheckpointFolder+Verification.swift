import Files
import HDF5Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension CheckpointFolder {
  /// A checkpoint whose bytes are those of its entry, or which, without one, carries a right hash.
  func load(_ name: String, entry: CheckpointEntry?) throws(CheckpointError) -> LoadedCheckpoint {
    let file = "\(path)/\(name)"
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.read(file, limit: limits.fileBytes)
    } catch {
      throw .file(error)
    }
    let digest = SHA256.digest(of: bytes)
    if let entry {
      guard bytes.count == entry.bytes else {
        throw .damaged(
          path: file, found: "\(bytes.count) bytes", expected: "\(entry.bytes) as in the index")
      }
      guard digest.hex == entry.sha256 else {
        throw .damaged(
          path: file, found: "SHA-256 \(digest)", expected: "\(entry.sha256) as in the index")
      }
    }
    let tree = try decode(bytes, at: file)
    let content = try CheckpointSeal.checkpoint.verify(tree, at: file)
    let attributes = tree[group: "/"].attributes
    let stored = attributes[Self.outerStepAttribute] ?? attributes[Self.formerStepAttribute]
    guard let step = Self.outerStep(ofName: name), stored == .integer(Int64(step)) else {
      let found = stored?.integerValue.map(String.init) ?? "none"
      throw .damaged(path: file, found: "outer step \(found)", expected: "that of the file's name")
    }
    if let entry, entry.contentSHA256 != content.hex {
      throw .damaged(
        path: file, found: "contents of hash \(content)",
        expected: "\(entry.contentSHA256) as in the index")
    }
    return LoadedCheckpoint(
      entry: CheckpointEntry(
        name: name, outerStep: step, bytes: bytes.count, sha256: digest.hex,
        contentSHA256: content.hex, score: attributes[Self.scoreAttribute]?.doubleValue),
      tree: tree)
  }

  private func decode(_ bytes: [UInt8], at file: String) throws(CheckpointError) -> HDF5Tree {
    // The older formats have no checksums, and damage in them can crash the library.
    guard Superblock.version(of: bytes) == 3 else {
      let found = Superblock.version(of: bytes).map { "version \($0)" } ?? "other bytes"
      throw .unreadable(
        path: file,
        HDF5Error(.unsupported, "open", at: "/", found: found, expected: "version 3 of HDF5"))
    }
    do {
      return try HDF5Image.decode(bytes, limits: limits)
    } catch {
      throw .unreadable(path: file, error)
    }
  }

  /// Whether the file of an entry has its size: what can be known without reading it.
  func checkSize(of entry: CheckpointEntry) throws(CheckpointError) {
    let file = "\(path)/\(entry.name)"
    var information = stat()
    guard uninterrupted(lstat(file, &information)) == 0 else {
      throw .file(FileError("examine", file, code: errno))
    }
    guard information.st_mode & S_IFMT == S_IFREG, Int(information.st_size) == entry.bytes else {
      throw .damaged(
        path: file, found: "\(information.st_size) bytes",
        expected: "\(entry.bytes) as in the index")
    }
  }
}
