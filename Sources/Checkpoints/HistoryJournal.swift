import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that records are appended to, each of which proves itself.
///
/// What is appended is on the disk when `append` returns. A process that is killed leaves a torn
/// record at the end at worst, which reading drops without a word.
///
///     file   := record*
///     record := "MRJ1" length:u32 digest:8 payload    little-endian; the first 8 bytes of SHA-256
struct HistoryJournal: Sendable {
  /// What a journal holds.
  struct Contents {
    /// The payloads of intact records, in their order.
    var payloads: [ArraySlice<UInt8>] = []
    /// Whether bytes that are no record lie before an intact one.
    var isDamaged = false
    /// Whether bytes that are no record end the file.
    var isTorn = false
  }

  private static let marker = Array("MRJ1".utf8)
  private static let headerBytes = 16
  /// Far more than any history, and less than the machine's memory.
  private static let sizeLimit = 4 << 30

  let path: String

  /// The bytes of a record.
  static func record(_ payload: [UInt8]) -> [UInt8] {
    var bytes = marker
    withUnsafeBytes(of: UInt32(payload.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += SHA256.digest(of: payload).bytes.prefix(8)
    return bytes + payload
  }

  /// Appends whole records in one write, and waits until they are on the disk.
  func append(_ records: [UInt8]) throws(FileError) {
    guard !records.isEmpty else { return }
    let isNew = access(path, F_OK) != 0
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC
    let descriptor = uninterrupted(open(path, flags, 0o644))
    guard descriptor >= 0 else { throw FileError("open", path, code: errno) }
    defer { close(descriptor) }
    try AtomicFile.write(records, to: descriptor, path: path)
    guard uninterrupted(fdatasync(descriptor)) == 0 else {
      throw FileError("flush to the disk", path, code: errno)
    }
    if isNew { try AtomicFile.synchronize(folder: AtomicFile.folder(of: path)) }
  }

  /// Forgets all records.
  func clear() throws(FileError) {
    try AtomicFile.remove(path)
  }

  /// The intact records; none where there is no file.
  func contents() throws(FileError) -> Contents {
    do {
      return Self.contents(of: try RegularFile.read(path, limit: Self.sizeLimit))
    } catch {
      if error.isMissing { return Contents() }
      throw error
    }
  }

  /// The intact records of a file's bytes. After damage, reading goes on at the next marker before
  /// a record that proves itself.
  static func contents(of bytes: [UInt8]) -> Contents {
    var contents = Contents()
    var position = 0
    var isLost = false
    while position < bytes.count {
      if let payload = payload(of: bytes, at: position) {
        contents.payloads.append(bytes[payload])
        contents.isDamaged = contents.isDamaged || isLost
        isLost = false
        position = payload.upperBound
        continue
      }
      isLost = true
      position += 1
      while position < bytes.count, bytes[position] != marker[0] { position += 1 }
    }
    contents.isTorn = isLost
    return contents
  }

  private static func payload(of bytes: [UInt8], at position: Int) -> Range<Int>? {
    let start = position + headerBytes
    guard start <= bytes.count, Array(bytes[position..<position + 4]) == marker else { return nil }
    let length = bytes[position + 4..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else { return nil }
    let payload = start..<start + length
    let digest = SHA256.digest(of: Array(bytes[payload])).bytes.prefix(8)
    return Array(digest) == Array(bytes[position + 8..<start]) ? payload : nil
  }
}
