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

  /// Products with contents that are cut out block by block have the bits of products with all of
  /// them, however the work is cut into parts.
  @Test(arguments: ["f32", "f64"]) func blocksChangeNoBits(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(29)
      func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
      for _ in 0..<60 {
        let (images, side, channels, columns) = (
          pick(0...6), pick(3...14), pick(1...40), pick(2...70)
        )
        let (stride, padding, transposed) = (pick(1...2), pick(0...2), pick(0...1))
        let across = (side + 2 * padding - 3) / stride + 1
        let layout = mr_windows(
          images: Int64(images), height: Int64(side), width: Int64(side),
          channels: Int64(channels), window_height: 3, window_width: 3, stride: Int64(stride),
          top: Int64(padding), left: Int64(padding), rows: Int64(across), columns: Int64(across))
        let (count, elements) = (images * across * across, 9 * channels)
        let pixels: [T] = random.array(images * side * side * channels)
        let matrix: [T] = random.array(elements * columns)
        let rows: [T] = random.array(count * columns)
        var (contents, windows) = ([T](repeating: 0, count: count * elements), layout)
        T.patches(&windows, pixels, &contents)

        var how = mr_window_products(
          windows: layout, columns: Int64(columns), right_transposed: Int32(transposed))
        let bytes = mr_window_products_scratch_bytes(&how, Int32(MemoryLayout<T>.size))
        let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes + 8, alignment: 8)
        defer { scratch.deallocate() }
        scratch.storeBytes(of: 0x5A, toByteOffset: bytes, as: UInt8.self)
        func run(
          _ kernel: WindowProductKernel, _ a: [T], _ b: [T], size: Int, parts total: Int
        ) -> [T] {
          var result = [T](repeating: 77, count: size + 1)
          let cut = Int64(pick(0...total))
          result.withUnsafeMutableBytes { result in
            a.withUnsafeBytes { a in
              b.withUnsafeBytes { b in
                for range in [0..<cut, cut..<Int64(total)] {
                  kernel(
                    &how, a.baseAddress, b.baseAddress, result.baseAddress, range.lowerBound,
                    range.upperBound, scratch)
                }
              }
            }
          }
          #expect(result.popLast() == 77, "nothing is written behind the result")
          return result
        }
        func whole(
          _ a: [T], _ b: [T], _ rows: Int, _ columns: Int, _ inner: Int, _ left: Int, _ right: Int
        ) -> [T] {
          var form = mr_products(
            rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), count: 1,
            left_stride: 0, right_stride: 0, left_transposed: Int32(left),
            right_transposed: Int32(right), addend_stride: 0, addend_row: 0, relu: 0)
          var part = mr_part(
            first_product: 0, end_product: 1, first_row: 0, end_row: form.rows, first_column: 0,
            end_column: form.columns)
          var result = [T](repeating: 0, count: rows * columns)
          let room = UnsafeMutableRawPointer.allocate(
            byteCount: mr_products_scratch_bytes(&form) + 8, alignment: 8)
          defer { room.deallocate() }
          T.multiply(&form, &part, a, b, nil, nil, &result, room)
          return result
        }

        #expect(
          run(T.windowProducts.product, pixels, matrix, size: count * columns, parts: images)
            == whole(contents, matrix, count, columns, elements, 0, transposed))
        #expect(
          run(T.windowProducts.gradient, pixels, rows, size: elements * columns, parts: columns)
            == whole(contents, rows, elements, columns, count, 1, 0))
        var folded = [T](repeating: 0, count: pixels.count)
        T.fold(&windows, whole(rows, matrix, count, elements, columns, 0, transposed), &folded)
        #expect(
          run(T.windowProducts.fold, rows, matrix, size: pixels.count, parts: images) == folded)
        #expect(scratch.load(fromByteOffset: bytes, as: UInt8.self) == 0x5A)
      }
    }
  }
}
