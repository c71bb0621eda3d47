/// Records as TensorFlow frames them, one behind the other in a file.
///
///     record := length:u64 masked(length):u32 payload masked(payload):u32    little-endian
///
/// A checksum, CRC-32C, is masked so that one of bytes that contain checksums is no weaker
/// (`tsl/lib/io/record_writer.h` and `tsl/lib/hash/crc32c.h`).
package enum TFRecord {
  /// The record of a payload.
  package static func record(_ payload: [UInt8]) -> [UInt8] {
    let length = bytes(UInt64(payload.count))
    return length + bytes(masked(length)) + payload + bytes(masked(payload))
  }

  private static func masked(_ bytes: [UInt8]) -> UInt32 {
    let checksum = CRC32C.checksum(of: bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
