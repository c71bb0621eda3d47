import CKernels
import Testing

@Suite struct WindowTests {
  @Test(arguments: ["f32", "f64"]) func agreeWithTheNaiveLoop(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(23)
      func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
      for _ in 0..<300 {
        let (images, height, width, channels) = (
          pick(0...3), pick(1...7), pick(1...7), pick(1...20)
        )
        let (window, other, stride) = (pick(1...5), pick(1...5), pick(1...3))
        // Padding beyond the window, so that some windows see nothing of the image.
        let (top, left) = (pick(0...6), pick(0...6))
        let (down, across) = (height + 2 * top - window, width + 2 * left - other)
        guard down >= 0, across >= 0 else { continue }
        let (rows, columns) = (down / stride + 1, across / stride + 1)
        var how = mr_windows(
          images: Int64(images), height: Int64(height), width: Int64(width),
          channels: Int64(channels), window_height: Int64(window), window_width: Int64(other),
          stride: Int64(stride), top: Int64(top), left: Int64(left), rows: Int64(rows),
          columns: Int64(columns))
        let x: [T] = random.array(images * height * width * channels)
        let y: [T] = random.array(images * rows * columns * window * other * channels)
        var expected = [T](repeating: 0, count: y.count)
        var folded = [T](repeating: 0, count: x.count)
        var position = 0
        for n in 0..<images {
          for r in 0..<rows {
            for c in 0..<columns {
              for i in 0..<window {
                for j in 0..<other {
                  let (row, column) = (r * stride - top + i, c * stride - left + j)
                  let isInside = 0 <= row && row < height && 0 <= column && column < width
                  for channel in 0..<channels {
                    if isInside {
                      let pixel = ((n * height + row) * width + column) * channels + channel
                      expected[position] = x[pixel]
                      folded[pixel] += y[position]
                    }
                    position += 1
                  }
                }
              }
            }
          }
        }
        var patches = [T](repeating: 77, count: y.count)
        T.patches(&how, x, &patches)
        #expect(patches == expected)
        var result = [T](repeating: 77, count: x.count)
        T.fold(&how, y, &result)
        #expect(result == folded)
      }
    }
  }
}
