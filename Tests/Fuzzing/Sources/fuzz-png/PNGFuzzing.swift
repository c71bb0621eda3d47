import ArrayFiles

/// Reads bytes as a stranger's image, as the rows of an image whose checksums are right, and as an archive
/// of images. An answer or an error is right; images have the pixels that they say, also at another size.
@_cdecl("LLVMFuzzerTestOneInput")
public func readPNG(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  for file in [bytes, image(of: bytes)] {
    guard let image = try? PNG.decode(file) else { continue }
    let small = image.resampled(height: 3, width: 5)
    guard small.shape == [3, 5], small.convertedToDouble().allSatisfy({ (0...1).contains($0) })
    else { fatalError("means of areas that are no shade of grey") }
  }
  if let entries = try? ImageArchive.decode(bytes, side: 4) {
    guard entries.allSatisfy({ $0.image.shape == [4, 4] }) else {
      fatalError("an image of another size")
    }
  }
  return 0
}

/// An image whose first bytes are its sides and its header's last five, and whose others are its rows, as
/// zlib stores them.
private func image(of bytes: [UInt8]) -> [UInt8] {
  guard bytes.count > 7 else { return bytes }
  let rows = Array(bytes[7...].prefix(0xFFFF))
  var (a, b) = (UInt32(1), UInt32(0))
  for byte in rows {
    a = (a + UInt32(byte)) % 65521
    b = (b + a) % 65521
  }
  let size = UInt16(rows.count)
  let header = [0, 0, 0, bytes[0], 0, 0, 0, bytes[1]] + bytes[2..<7]
  let lengths = [UInt8(size & 255), UInt8(size >> 8), UInt8(~size & 255), UInt8(~size >> 8)]
  return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", Array(header))
    + chunk("IDAT", [0x78, 1, 1] + lengths + rows + big(b << 16 | a)) + chunk("IEND", [])
}

private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
  let body = Array(type.utf8) + data
  var sum = ~UInt32(0)
  for byte in body {
    sum ^= UInt32(byte)
    for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
  }
  return big(UInt32(data.count)) + body + big(~sum)
}

private func big(_ number: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(number >> $0 & 255) }
}
