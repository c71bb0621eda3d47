import CZlib
import Files

/// Decompression of what DEFLATE compressed, by zlib.
enum Inflation {
  /// What lies around the compressed data.
  enum Wrapping {
    /// Nothing, as in ZIP.
    case none
    /// A header and a checksum, as gzip writes them.
    case gzip
    /// Those of zlib itself, as in PNG.
    case zlib

    /// As zlib's `inflateInit2` wants it: negative without a header, 16 more for gzip's.
    fileprivate var windowBits: Int32 {
      switch self {
      case .none: -15
      case .gzip: 31
      case .zlib: 15
      }
    }
  }

  /// Whether bytes begin as gzip's do.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The contents of a gzip file, all of its members; memory grows with what is there, whatever the
  /// file says of it.
  ///
  /// - Parameter budget: how much there may be.
  static func gunzip(
    _ bytes: [UInt8], _ budget: ByteBudget
  ) throws(ArrayFileError) -> [UInt8] {
    var contents: [UInt8] = []
    var position = 0
    repeat {
      let member = position..<bytes.count
      position += try inflate(bytes, member, .gzip, limit: budget.remaining, into: &contents)
    } while position + 1 < bytes.count && bytes[position] == 0x1F && bytes[position + 1] == 0x8B
    guard position == bytes.count else {
      throw ArrayFileError(
        .damaged, found: "\(bytes.count - position) bytes behind the compressed data",
        expected: "the end of the file")
    }
    return contents
  }

  /// Decompresses a part of a file and adds what comes of it.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - part: where the compressed data begin, and where they end at the latest.
  ///   - wrapping: what lies around them.
  ///   - limit: how many bytes the output may have in all.
  ///   - output: what the contents are added to.
  /// - Returns: how many compressed bytes there were.
  @discardableResult
  static func inflate(
    _ bytes: [UInt8], _ part: Range<Int>, _ wrapping: Wrapping, limit: Int,
    into output: inout [UInt8]
  ) throws(ArrayFileError) -> Int {
    // The library remembers where its stream lies.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard czlib_begin(stream, wrapping.windowBits) == Z_OK else {
      throw ArrayFileError(.limit, found: "no memory to decompress with", expected: "some")
    }
    defer { inflateEnd(stream) }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var position = part.lowerBound
    while true {
      let fed = min(part.upperBound - position, 1 << 30)
      let (status, taken, made) = bytes.withUnsafeBytes { input in
        block.withUnsafeMutableBytes { room in
          stream.pointee.next_in =
            input.baseAddress?.assumingMemoryBound(to: Bytef.self).advanced(by: position)
          stream.pointee.avail_in = UInt32(fed)
          stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: Bytef.self)
          stream.pointee.avail_out = UInt32(room.count)
          let status = CZlib.inflate(stream, Z_NO_FLUSH)
          return (
            status, fed - Int(stream.pointee.avail_in), room.count - Int(stream.pointee.avail_out)
          )
        }
      }
      position += taken
      guard made <= limit - output.count else {
        throw ArrayFileError(
          .limit, found: "compressed data of more than \(limit) bytes",
          expected:
            "at most that; \(FileLimits.variable) sets another limit for files that you trust")
      }
      output += block[..<made]
      if status == Z_STREAM_END { return position - part.lowerBound }
      guard status == Z_OK, taken > 0 || made > 0 else {
        throw ArrayFileError(
          .damaged, found: "compressed data that cannot be decompressed",
          expected: "an intact file; it may have been cut off")
      }
    }
  }

  /// The checksum that ZIP and gzip keep of contents.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
