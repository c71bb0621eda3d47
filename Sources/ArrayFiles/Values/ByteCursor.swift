/// A place in bytes that somebody else wrote, from which numbers are read in order.
struct ByteCursor {
  let bytes: [UInt8]
  /// Where the next byte is.
  var position: Int
  /// What lies at the place, for messages.
  let place: String

  init(_ bytes: [UInt8], at position: Int = 0, place: String) {
    (self.bytes, self.position, self.place) = (bytes, position, place)
  }

  /// Bytes from here to the end.
  var remaining: Int { max(0, bytes.count - position) }

  /// The places of so many bytes, which are passed.
  mutating func take(_ count: Int) throws(ArrayFileError) -> Range<Int> {
    guard count >= 0, position >= 0, count <= remaining else {
      throw ArrayFileError(
        .damaged, at: place, found: "\(remaining) bytes", expected: "\(count) at least")
    }
    position += count
    return position - count..<position
  }

  /// A number whose lowest byte comes first.
  mutating func little<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self
  ) throws(ArrayFileError) -> Number {
    var number: Number = 0
    for position in try take(Number.bitWidth / 8).reversed() {
      number = (Number.bitWidth == 8 ? 0 : number << 8) | Number(bytes[position])
    }
    return number
  }

  /// A number whose highest byte comes first.
  mutating func big<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self
  ) throws(ArrayFileError) -> Number {
    try little(Number.self).byteSwapped
  }

  /// A size or offset of 64 bits, as large as an integer here may be.
  mutating func size() throws(ArrayFileError) -> Int {
    let number: UInt64 = try little()
    guard let size = Int(exactly: number) else {
      throw ArrayFileError(.damaged, at: place, found: "\(number) bytes", expected: "a size")
    }
    return size
  }
}
