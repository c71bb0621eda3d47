/// Elements in another order of axes.
enum Permutation {
  /// Row-major elements of a shape, where axis k of the result is axis `axes[k]`.
  static func permuted(
    _ bytes: [UInt8], elementsOf size: Int, _ shape: [Int], _ axes: [Int]
  ) -> [UInt8] {
    guard let last = axes.last, axes != Array(axes.indices), !bytes.isEmpty else { return bytes }
    var strides = [Int](repeating: size, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    let (lengths, steps) = (axes.map { shape[$0] }, axes.map { strides[$0] })
    let (lastLength, lastStep) = (shape[last], strides[last])
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, initialized in
      var index = [Int](repeating: 0, count: axes.count)
      var (row, written) = (0, 0)
      while written < bytes.count {
        for element in 0..<lastLength {
          for byte in 0..<size {
            buffer[written] = bytes[row + element * lastStep + byte]
            written += 1
          }
        }
        // The next row of the result, as an odometer counts.
        var axis = axes.count - 2
        while axis >= 0 {
          index[axis] += 1
          row += steps[axis]
          if index[axis] < lengths[axis] { break }
          row -= steps[axis] * lengths[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      initialized = written
    }
  }
}
