import Files

/// The format of MNIST's files: two zero bytes, a type, the number of axes, their lengths, and the
/// elements, big-endian and row-major.
///
/// Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits".
public enum IDX {
  /// The array of a file, compressed by gzip or not.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - limits: how large it may be.
  /// - Throws: `ArrayFileError` where it is damaged.
  public static func decode(
    _ bytes: [UInt8], limits: FileLimits = .current
  ) throws(ArrayFileError) -> NumberArray {
    try ByteBudget.requireFile(bytes.count, limits)
    guard Inflation.isGzip(bytes) else { return try array(bytes) }
    return try array(
      try Inflation.gunzip(bytes, ByteBudget(limits, fileBytes: bytes.count)))
  }

  /// Whether a file begins as IDX does, once it is decompressed.
  package static func isLikely(_ bytes: [UInt8]) -> Bool {
    if Inflation.isGzip(bytes) { return true }
    return bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && types[bytes[2]] != nil
  }

  private static let types: [UInt8: ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]

  private static func array(_ bytes: [UInt8]) throws(ArrayFileError) -> NumberArray {
    var cursor = ByteCursor(bytes, place: "the header")
    let magic = bytes[try cursor.take(4)]
    guard magic.starts(with: [0, 0]), let type = types[bytes[2]] else {
      throw ArrayFileError(
        .damaged, at: "the first bytes", found: "\(Array(magic))",
        expected: "0, 0, a type (8, 9, 11, 12, 13 or 14) and the number of axes, as IDX has")
    }
    var shape: [Int] = []
    for _ in 0..<bytes[3] { shape.append(Int(try cursor.big(UInt32.self))) }
    guard let size = ByteBudget.bytes(shape, of: type.byteCount), size == cursor.remaining else {
      throw ArrayFileError(
        .damaged, found: "\(cursor.remaining) bytes of \(type.rawValue)",
        expected: "as many as shape \(shape) has; the file may have been cut off")
    }
    var elements = Array(bytes[try cursor.take(size)])
    LittleEndian.reverse(&elements, elementsOf: type.byteCount)
    return NumberArray(type: type, shape: shape, bytes: elements)
  }
}
