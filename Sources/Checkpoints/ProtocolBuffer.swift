/// A message in the wire format of Protocol Buffers, to which fields are put in any order.
///
///     message := (key value)*
///     key     := number << 3 | type    as a varint, like every length and integer
///     value   := varint (0) | 8 bytes (1) | length byte* (2) | 4 bytes (5)    little-endian
struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  /// Puts an `int64` that is not negative.
  mutating func put(_ field: Int, _ integer: Int) {
    put(key: field, 0)
    put(varint: integer)
  }

  /// Puts a `double`.
  mutating func put(_ field: Int, _ number: Double) {
    put(key: field, 1)
    put(bits: number.bitPattern)
  }

  /// Puts a `float`.
  mutating func put(_ field: Int, _ number: Float) {
    put(key: field, 5)
    put(bits: number.bitPattern)
  }

  /// Puts a `string`.
  mutating func put(_ field: Int, _ text: String) { put(field, Array(text.utf8)) }

  /// Puts a message within the message.
  mutating func put(_ field: Int, _ message: ProtocolBuffer) { put(field, message.bytes) }

  private mutating func put(_ field: Int, _ contents: [UInt8]) {
    put(key: field, 2)
    put(varint: contents.count)
    bytes += contents
  }

  private mutating func put(key field: Int, _ type: Int) { put(varint: field << 3 | type) }

  /// Seven bits a byte, the lowest first; the highest bit of a byte says that more follow.
  private mutating func put(varint integer: Int) {
    var rest = UInt(integer)
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func put(bits: some FixedWidthInteger) {
    withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
