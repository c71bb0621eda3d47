/// The checksum CRC-32C: the polynomial of Castagnoli, bits from the lowest on (RFC 3720, B.4).
package enum CRC32C {
  /// What each value of a byte does to a remainder of 0.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1
    }
  }

  /// The checksum of bytes.
  package static func checksum(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { remainder, byte in
      remainder >> 8 ^ table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
    }
  }
}
