/// Numbers as bytes, the lowest first, whatever the processor's order is.
enum LittleEndian {
  /// The bytes of whole numbers.
  static func bytes<Number: FixedWidthInteger>(of numbers: [Number]) -> [UInt8] {
    numbers.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }

  /// Turns elements of big-endian bytes around, in place.
  static func reverse(_ bytes: inout [UInt8], elementsOf size: Int) {
    guard size > 1 else { return }
    bytes.withUnsafeMutableBufferPointer { buffer in
      for start in stride(from: 0, to: buffer.count - buffer.count % size, by: size) {
        for byte in 0..<size / 2 { buffer.swapAt(start + byte, start + size - 1 - byte) }
      }
    }
  }
}
