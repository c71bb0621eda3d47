/// PNG files and ZIP archives as tests need them: without compression, with right checksums.
package enum TestImages {
  /// A PNG file of some chunks.
  package static func png(chunks: [(type: String, data: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    for (type, data) in chunks {
      let body = Array(type.utf8) + data
      bytes += big(UInt32(data.count)) + body + big(checksum(body))
    }
    return bytes
  }

  /// A grey image of eight bits a pixel.
  package static func png(height: Int, width: Int, _ pixels: [UInt8]) -> [UInt8] {
    let rows = (0..<height).flatMap { [0] + pixels[$0 * width..<($0 + 1) * width] }
    let header: [UInt8] = big(UInt32(width)) + big(UInt32(height)) + [8, 0, 0, 0, 0]
    return png(chunks: [("IHDR", header), ("IDAT", zlib(rows)), ("IEND", [])])
  }

  /// At most 65 535 bytes as zlib stores them.
  package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    let (a, b) = bytes.reduce((UInt32(1), UInt32(0))) { sums, byte in
      let a = (sums.0 + UInt32(byte)) % 65521
      return (a, (sums.1 + a) % 65521)
    }
    let size = UInt16(bytes.count)
    let header: [UInt8] = [0x78, 1, 1] + little(size) + little(~size)
    return header + bytes + big(b << 16 | a)
  }

  /// A ZIP archive of some files.
  package static func zip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var (archive, directory) = ([UInt8](), [UInt8]())
    for (name, bytes) in files {
      let size = little(UInt32(bytes.count))
      // Version 2.0, stored, the first of January 1980.
      var common: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]
      common += little(checksum(bytes)) + size + size
      common += little(UInt16(name.utf8.count)) + [0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      directory += little(UInt32(archive.count)) + Array(name.utf8)
      archive += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + bytes
    }
    let count = little(UInt16(files.count))
    let place = little(UInt32(directory.count)) + little(UInt32(archive.count))
    return archive + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + place + [0, 0]
  }

  /// A number with its highest byte first.
  package static func big(_ number: UInt32) -> [UInt8] { little(number).reversed() }

  private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
