import Files

/// Grey images in the format PNG: of 1, 2, 4 or 8 bits a pixel, without interlacing.
///
/// Source: W3C, "Portable Network Graphics (PNG) specification", third edition (2025).
public enum PNG {
  /// The image of a file; what it says of transparency, colour spaces and times is passed over.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - limits: how large it may be.
  /// - Throws: `ArrayFileError` where it is damaged, or an image of another kind.
  public static func decode(
    _ bytes: [UInt8], limits: FileLimits = .current
  ) throws(ArrayFileError) -> GrayImage {
    try ByteBudget.requireFile(bytes.count, limits)
    var budget = ByteBudget(limits, fileBytes: bytes.count)
    return try decode(bytes, &budget)
  }

  /// The image of a file whose decompressed bytes are taken from a budget.
  static func decode(
    _ bytes: [UInt8], _ budget: inout ByteBudget
  ) throws(ArrayFileError) -> GrayImage {
    guard bytes.starts(with: signature) else {
      throw ArrayFileError(
        .damaged, at: "the first bytes", found: "\(Array(bytes.prefix(signature.count)))",
        expected: "\(signature), as PNG has")
    }
    var position = signature.count
    let first = try chunk(of: bytes, &position)
    guard first.type == "IHDR" else {
      throw ArrayFileError(
        .damaged, at: first.place, found: first.type, expected: "the header IHDR")
    }
    let header = try PNGHeader(bytes, first.data)
    var (compressed, isPast) = ([UInt8](), false)
    while true {
      let chunk = try chunk(of: bytes, &position)
      switch chunk.type {
      case "IDAT":
        guard !isPast else {
          throw ArrayFileError(
            .damaged, at: chunk.place, found: "pixels behind another chunk",
            expected: "IDAT chunks one after the other")
        }
        compressed += bytes[chunk.data]
      case "IEND":
        guard chunk.data.isEmpty, position == bytes.count else {
          throw ArrayFileError(
            .damaged, at: chunk.place, found: "\(bytes.count - position) bytes behind IEND",
            expected: "the end of the file")
        }
        return try header.image(compressed, &budget)
      default:
        guard chunk.isAncillary else {
          throw ArrayFileError(
            .damaged, at: chunk.place, found: "the chunk \(chunk.type)",
            expected: "IDAT, IEND, or chunks that a reader may pass over")
        }
        isPast = !compressed.isEmpty
      }
    }
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  private struct Chunk {
    let type: String
    /// Whether readers that do not know it may pass over it.
    let isAncillary: Bool
    let data: Range<Int>
    /// Where it is, for messages.
    let place: String
  }

  /// The chunk at a position, which is passed: its length, type, data and checksum.
  private static func chunk(
    of bytes: [UInt8], _ position: inout Int
  ) throws(ArrayFileError) -> Chunk {
    let place = "the chunk at byte \(position)"
    var cursor = ByteCursor(bytes, at: position, place: place)
    let length = try cursor.big(UInt32.self)
    let name = try cursor.take(4)
    guard length <= Int32.max, let type = String(validating: bytes[name], as: UTF8.self),
      type.utf8.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) })
    else {
      throw ArrayFileError(
        .damaged, at: place, found: "length \(length) and type \(Array(bytes[name]))",
        expected: "a length below 2³¹ and four letters")
    }
    let data = try cursor.take(Int(length))
    let checksum = try cursor.big(UInt32.self)
    guard Inflation.checksum(Array(bytes[name.lowerBound..<data.upperBound])) == checksum else {
      throw ArrayFileError(
        .damaged, at: place, found: "\(type) of another checksum than it says",
        expected: "an intact file")
    }
    position = cursor.position
    return Chunk(
      type: type, isAncillary: bytes[name.lowerBound] >= 97, data: data, place: place)
  }
}
