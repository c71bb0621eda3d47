import Files

/// The members of a ZIP archive, stored or deflated, with or without the extension for large files.
///
/// Source: PKWARE, "APPNOTE.TXT: .ZIP file format specification", 6.3.
struct ZIPArchive {
  /// A file in the archive.
  struct Member {
    let name: String
    fileprivate let method: UInt16
    fileprivate let checksum: UInt32
    fileprivate let compressedSize: Int
    fileprivate let size: Int
    fileprivate let headerOffset: Int
  }

  /// In the order of the directory.
  private(set) var members: [Member] = []
  private let bytes: [UInt8]

  /// Whether a file begins as archives do.
  static func isLikely(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// Reads the directory, which is at the end.
  init(_ bytes: [UInt8]) throws(ArrayFileError) {
    self.bytes = bytes
    let place = "the archive's directory"
    let (count, offset) = try ZIPArchive.directory(of: bytes)
    // No more than there is room for, whatever the file says.
    guard count <= bytes.count / 46 else {
      throw ArrayFileError(
        .damaged, at: place, found: "\(count) members", expected: "as many as there is room for")
    }
    var cursor = ByteCursor(bytes, at: offset, place: place)
    var names: Set<String> = []
    for _ in 0..<count {
      let member = try ZIPArchive.member(&cursor)
      guard names.insert(member.name).inserted else {
        throw ArrayFileError(
          .damaged, at: place, found: "two members named \(member.name)", expected: "one")
      }
      members.append(member)
    }
  }

  /// How many members there are, and where the directory begins.
  private static func directory(
    of bytes: [UInt8]
  ) throws(ArrayFileError) -> (count: Int, offset: Int) {
    // A comment of at most 65 535 bytes may stand behind the last record.
    let lowest = max(0, bytes.count - 22 - 0xFFFF)
    let end = stride(from: bytes.count - 22, through: lowest, by: -1).first { start in
      bytes[start...].starts(with: [0x50, 0x4B, 5, 6])
        && start + 22 + Int(bytes[start + 20]) + Int(bytes[start + 21]) << 8 == bytes.count
    }
    guard let end else {
      throw ArrayFileError(
        .damaged, found: "no directory at its end",
        expected: "a ZIP archive; it may have been cut off")
    }
    var cursor = ByteCursor(bytes, at: end + 10, place: "the archive's end")
    let count = try cursor.little(UInt16.self)
    _ = try cursor.little(UInt32.self)
    let offset = try cursor.little(UInt32.self)
    guard count == .max || offset == .max else { return (Int(count), Int(offset)) }
    // The locator of the record for large archives stands before.
    guard end >= 20, bytes[(end - 20)...].starts(with: [0x50, 0x4B, 6, 7]) else {
      return (Int(count), Int(offset))
    }
    cursor.position = end - 12
    cursor.position = try cursor.size()
    guard Array(bytes[try cursor.take(4)]) == [0x50, 0x4B, 6, 6] else {
      throw ArrayFileError(
        .damaged, at: "the archive's end", found: "something else",
        expected: "the record of a large archive")
    }
    _ = try cursor.take(28)
    let largeCount = try cursor.size()
    _ = try cursor.take(8)
    return (largeCount, try cursor.size())
  }

  private static func member(_ cursor: inout ByteCursor) throws(ArrayFileError) -> Member {
    let bytes = cursor.bytes
    guard Array(bytes[try cursor.take(4)]) == [0x50, 0x4B, 1, 2] else {
      throw ArrayFileError(
        .damaged, at: cursor.place, found: "something else", expected: "an entry of the directory")
    }
    _ = try cursor.take(4)
    let (flags, method) = (try cursor.little(UInt16.self), try cursor.little(UInt16.self))
    _ = try cursor.take(4)
    let checksum = try cursor.little(UInt32.self)
    var compressed = Int(try cursor.little(UInt32.self))
    var size = Int(try cursor.little(UInt32.self))
    let nameLength = Int(try cursor.little(UInt16.self))
    let extraLength = Int(try cursor.little(UInt16.self))
    let commentLength = Int(try cursor.little(UInt16.self))
    _ = try cursor.take(8)
    var offset = Int(try cursor.little(UInt32.self))
    guard let name = String(validating: bytes[try cursor.take(nameLength)], as: UTF8.self) else {
      throw ArrayFileError(
        .damaged, at: cursor.place, found: "a name that is not UTF-8", expected: "UTF-8")
    }
    guard flags & 1 == 0 else {
      throw ArrayFileError(
        .unsupported, at: name, found: "encrypted data", expected: "data without a password")
    }
    // Sizes that 32 bits do not hold are in an extra field, in this order.
    let extraEnd = cursor.position + (try cursor.take(extraLength).count)
    var extra = ByteCursor(
      bytes, at: extraEnd - extraLength, place: cursor.place)
    while extra.position + 4 <= extraEnd {
      let (kind, length) = (try extra.little(UInt16.self), Int(try extra.little(UInt16.self)))
      var field = extra
      _ = try extra.take(length)
      guard kind == 1, extra.position <= extraEnd else { continue }
      if size == 0xFFFF_FFFF { size = try field.size() }
      if compressed == 0xFFFF_FFFF { compressed = try field.size() }
      if offset == 0xFFFF_FFFF { offset = try field.size() }
    }
    _ = try cursor.take(commentLength)
    return Member(
      name: name, method: method, checksum: checksum, compressedSize: compressed, size: size,
      headerOffset: offset)
  }

  /// What a member holds.
  func contents(
    of member: Member, _ budget: inout ByteBudget
  ) throws(ArrayFileError) -> [UInt8] {
    var cursor = ByteCursor(bytes, at: member.headerOffset, place: "the member's header")
    guard Array(bytes[try cursor.take(4)]) == [0x50, 0x4B, 3, 4] else {
      throw ArrayFileError(
        .damaged, at: cursor.place, found: "something else", expected: "that of a ZIP archive")
    }
    _ = try cursor.take(22)
    let (name, extra) = (try cursor.little(UInt16.self), try cursor.little(UInt16.self))
    _ = try cursor.take(Int(name) + Int(extra))
    let data = try cursor.take(member.compressedSize)
    try budget.take(member.size)
    var contents: [UInt8] = []
    switch member.method {
    case 0: contents = Array(bytes[data])
    case 8:
      do throws(ArrayFileError) {
        try Inflation.inflate(bytes, data, .none, limit: member.size, into: &contents)
      } catch  where error.kind == .limit {
        throw ArrayFileError(
          .damaged, found: "more than \(member.size) bytes of contents",
          expected: "as many as the archive's directory says")
      }
    default:
      throw ArrayFileError(
        .unsupported, found: "compression method \(member.method)",
        expected: "none or deflate, which other programs write as well")
    }
    guard contents.count == member.size, Inflation.checksum(contents) == member.checksum else {
      throw ArrayFileError(
        .damaged, found: "contents of another size or checksum than the directory says",
        expected: "an intact file")
    }
    return contents
  }

  /// An archive of stored members, without times: equal contents give equal bytes.
  ///
  /// - Throws: `ArrayFileError` above 4 GiB, or 65 535 members.
  static func encode(_ files: [(name: String, bytes: [UInt8])]) throws(ArrayFileError) -> [UInt8] {
    let total = files.reduce(0) { $0 + $1.bytes.count + 2 * $1.name.utf8.count + 100 }
    guard total < 0xFFFF_FFFF, files.count < 0xFFFF,
      files.allSatisfy({ $0.name.utf8.count < 0xFFFF })
    else {
      throw ArrayFileError(
        .invalid, found: "\(files.count) arrays of \(total) bytes",
        expected: "fewer than 65 535, of less than 4 GiB; safetensors holds more")
    }
    var (archive, directory) = ([UInt8](), [UInt8]())
    archive.reserveCapacity(total)
    for (name, bytes) in files {
      let offset = UInt32(archive.count)
      let (size, sum) = (UInt32(bytes.count), Inflation.checksum(bytes))
      // Version 2.0, names in UTF-8, stored, the first of January 1980.
      let common =
        LittleEndian.bytes(of: [UInt16](arrayLiteral: 20, 0x800, 0, 0, 0x21))
        + LittleEndian.bytes(of: [sum, size, size])
        + LittleEndian.bytes(of: [UInt16(name.utf8.count), 0])
      archive += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + bytes
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      directory += LittleEndian.bytes(of: [offset]) + Array(name.utf8)
    }
    let (size, offset, count) = (
      UInt32(directory.count), UInt32(archive.count), UInt16(files.count)
    )
    archive += directory
    archive += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + LittleEndian.bytes(of: [count, count])
    return archive + LittleEndian.bytes(of: [size, offset]) + [0, 0]
  }
}
