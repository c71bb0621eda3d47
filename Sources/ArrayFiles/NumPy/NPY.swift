import Files

/// NumPy's format of one array.
///
/// Source: NumPy, "numpy.lib.format", versions 1.0 to 3.0.
public enum NPY {
  /// A text takes 16 bytes of memory, even where it has one in its file.
  private static let mostTexts = 1 << 24
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Whether a file begins as .npy does.
  package static func isLikely(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The array of a file; one in Fortran's order becomes row-major.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - limits: how large it may be.
  /// - Throws: `ArrayFileError` where it is damaged, or has elements that are neither numbers nor texts.
  public static func decode(
    _ bytes: [UInt8], limits: FileLimits = .current
  ) throws(ArrayFileError) -> ArrayValue {
    try ByteBudget.requireFile(bytes.count, limits)
    var cursor = ByteCursor(bytes, place: "the header")
    guard Array(bytes[try cursor.take(6)]) == magic else {
      throw ArrayFileError(
        .damaged, at: "the first bytes", found: "something else",
        expected: "0x93 and NUMPY, as .npy files have")
    }
    let version = bytes[try cursor.take(2)]
    guard let major = version.first, (1...3).contains(major) else {
      throw ArrayFileError(
        .unsupported, found: "format version \(version.map(String.init).joined(separator: "."))",
        expected: "1, 2 or 3")
    }
    let length =
      major == 1 ? Int(try cursor.little(UInt16.self)) : Int(try cursor.little(UInt32.self))
    let header = try NPYHeader(Array(bytes[try cursor.take(length)]))
    return try array(header, bytes, from: cursor.position)
  }

  private static func array(
    _ header: NPYHeader, _ bytes: [UInt8], from start: Int
  ) throws(ArrayFileError) -> ArrayValue {
    let there = bytes.count - start
    let (element, shape) = (header.element, header.shape)
    guard let size = element.byteCount, let count = ByteBudget.bytes(shape, of: 1),
      let expected = ByteBudget.bytes([count], of: size), expected == there,
      // Elements of no bytes would be as many as anybody says.
      size > 0 || count <= bytes.count
    else {
      throw ArrayFileError(
        .damaged, found: "\(there) bytes of elements",
        expected: "as many as shape \(shape) has; the file may have been cut off")
    }
    var elements = Array(bytes[start...])
    if header.isFortranOrder, shape.count > 1, size > 0 {
      let axes = Array(shape.indices.reversed())
      elements = Permutation.permuted(
        elements, elementsOf: size, axes.map { shape[$0] }, axes)
    }
    if case .number = element {
    } else if count > mostTexts {
      throw ArrayFileError(
        .limit, found: "\(count) texts", expected: "at most \(mostTexts); number them")
    }
    switch element {
    case .number(let type, let isBigEndian):
      if isBigEndian { LittleEndian.reverse(&elements, elementsOf: type.byteCount) }
      return .numbers(NumberArray(type: type, shape: shape, bytes: elements))
    case .unicode(let length, let isBigEndian):
      if isBigEndian { LittleEndian.reverse(&elements, elementsOf: 4) }
      var texts: [String] = []
      for index in 0..<count {
        texts.append(try text(elements[index * 4 * length..<(index + 1) * 4 * length], at: index))
      }
      return .texts(texts, shape: shape)
    case .bytes(let length):
      var texts: [String] = []
      for index in 0..<count {
        let bytes = elements[index * length..<(index + 1) * length]
        let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex
        guard let text = String(validating: bytes[..<end], as: UTF8.self) else {
          throw notText(at: index)
        }
        texts.append(text)
      }
      return .texts(texts, shape: shape)
    }
  }

  /// A text of little-endian characters of 32 bits; zeros at its end are none of it.
  private static func text(
    _ bytes: ArraySlice<UInt8>, at index: Int
  ) throws(ArrayFileError) -> String {
    var text = String.UnicodeScalarView()
    var zeros = 0
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 4) {
      let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
      guard value != 0 else {
        zeros += 1
        continue
      }
      guard let scalar = Unicode.Scalar(value) else { throw notText(at: index) }
      while zeros > 0 {
        text.append("\0")
        zeros -= 1
      }
      text.append(scalar)
    }
    return String(text)
  }

  private static func notText(at index: Int) -> ArrayFileError {
    ArrayFileError(
      .damaged, at: "element \(index)", found: "bytes that are no text", expected: "Unicode")
  }

  /// The bytes of a file of one array, little-endian and row-major.
  ///
  /// - Throws: `ArrayFileError` for bfloat16, which NumPy does not have.
  public static func encode(_ array: NumberArray) throws(ArrayFileError) -> [UInt8] {
    let lengths = array.shape.map(String.init).joined(separator: ", ")
    let tuple = array.shape.count == 1 ? "(\(lengths),)" : "(\(lengths))"
    var header = Array(
      "{'descr': '\(try word(array.type))', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    // The elements begin at a multiple of 64.
    let prefix = magic.count + 4
    header += [UInt8](repeating: 0x20, count: 63 - (prefix + header.count) % 64)
    header.append(0x0A)
    return magic + [1, 0] + LittleEndian.bytes(of: [UInt16(header.count)]) + header + array.bytes
  }

  private static func word(_ type: ElementType) throws(ArrayFileError) -> String {
    switch type {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .int8: "|i1"
    case .uint16: "<u2"
    case .int16: "<i2"
    case .uint32: "<u4"
    case .int32: "<i4"
    case .uint64: "<u8"
    case .int64: "<i8"
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .bfloat16:
      throw ArrayFileError(
        .invalid, found: "bfloat16",
        expected: "a type that NumPy has; float32 holds the same numbers")
    }
  }
}
