/// An array of numbers of one type, row-major and little-endian.
public struct NumberArray: Sendable, Equatable {
  /// The elements' type.
  public let type: ElementType
  /// The length of each axis; `[]` is one number, and a zero makes the array empty.
  public let shape: [Int]
  /// The elements, row-major, each little-endian.
  public let bytes: [UInt8]

  /// An array of given bytes: as many as the shape asks for.
  public init(type: ElementType, shape: [Int], bytes: [UInt8]) {
    precondition(shape.allSatisfy { $0 >= 0 }, "an array of shape \(shape)")
    precondition(
      bytes.count == (shape.contains(0) ? 0 : shape.reduce(type.byteCount, *)),
      "\(bytes.count) bytes for an array of \(type.rawValue) of shape \(shape)")
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// An array of double-precision numbers, row-major; of one axis unless a shape is given.
  public init(_ numbers: [Double], shape: [Int]? = nil) {
    self.init(
      type: .float64, shape: shape ?? [numbers.count],
      bytes: LittleEndian.bytes(of: numbers.map(\.bitPattern)))
  }

  /// An array of single-precision numbers, row-major; of one axis unless a shape is given.
  public init(_ numbers: [Float], shape: [Int]? = nil) {
    self.init(
      type: .float32, shape: shape ?? [numbers.count],
      bytes: LittleEndian.bytes(of: numbers.map(\.bitPattern)))
  }

  /// An array of integers, row-major; of one axis unless a shape is given.
  public init(_ numbers: [Int64], shape: [Int]? = nil) {
    self.init(
      type: .int64, shape: shape ?? [numbers.count], bytes: LittleEndian.bytes(of: numbers))
  }

  /// How many elements it has.
  public var count: Int { bytes.count / type.byteCount }

  /// The element at a row-major position as a double-precision number; 64-bit integers beyond 2⁵³ are
  /// rounded.
  public subscript(position: Int) -> Double {
    let size = type.byteCount
    precondition(position >= 0 && position < count, "element \(position) of \(count)")
    return bytes.withUnsafeBytes { buffer in
      let bits =
        switch size {
        case 1: UInt64(buffer[position])
        case 2:
          UInt64(UInt16(littleEndian: buffer.load(fromByteOffset: 2 * position, as: UInt16.self)))
        case 4:
          UInt64(UInt32(littleEndian: buffer.load(fromByteOffset: 4 * position, as: UInt32.self)))
        default: UInt64(littleEndian: buffer.load(fromByteOffset: 8 * position, as: UInt64.self))
        }
      return type.number(bits)
    }
  }

  /// The elements as double-precision numbers; 64-bit integers beyond 2⁵³ are rounded.
  public func convertedToDouble() -> [Double] { (0..<count).map { self[$0] } }

  /// The same numbers with axes in another order: axis k of the result is axis `axes[k]` of this.
  public func permuted(_ axes: [Int]) -> NumberArray {
    precondition(axes.sorted() == Array(shape.indices), "axes \(axes) of shape \(shape)")
    return NumberArray(
      type: type, shape: axes.map { shape[$0] },
      bytes: Permutation.permuted(bytes, elementsOf: type.byteCount, shape, axes))
  }
}
