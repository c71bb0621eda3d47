import CKernels
import Testing

@Suite struct CopyTests {
  @Test(arguments: ["f32", "f64"]) func stridedCopiesAgreeWithTheNaiveLoop(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(21)
      let extents = [1, 2, 3, 7, 8, 9, 16, 17, 40, 64]
      for _ in 0..<500 {
        var shape: [Int] = []
        for _ in 0..<Int.random(in: 0...5, using: &random) {
          shape.append(extents.randomElement(using: &random)!)
          if shape.reduce(1, *) > 10_000 { shape.removeLast() }
        }
        let from = randomStrides(shape, &random, mayBroadcast: true)
        let to = randomStrides(shape, &random, mayBroadcast: false)
        let x: [T] = random.array(from.size)
        var out = [T](repeating: 77, count: to.size), expected = out
        for flat in 0..<shape.reduce(1, *) {
          var rest = flat, source = from.first, target = to.first
          for axis in shape.indices.reversed() {
            source += rest % shape[axis] * from.strides[axis]
            target += rest % shape[axis] * to.strides[axis]
            rest /= shape[axis]
          }
          expected[target] = x[source]
        }
        x.withUnsafeBufferPointer { x in
          out.withUnsafeMutableBufferPointer { out in
            T.copy(
              x.baseAddress! + from.first, out.baseAddress! + to.first, shape.map(Int64.init),
              from.strides.map(Int64.init), to.strides.map(Int64.init))
          }
        }
        #expect(out == expected, "\(shape) from \(from.strides) to \(to.strides)")
      }
    }
  }

  /// Strides in random order with gaps, some negative (then the first element lies further in).
  private func randomStrides(
    _ shape: [Int], _ random: inout TestRandom, mayBroadcast: Bool
  ) -> (strides: [Int], first: Int, size: Int) {
    var strides = [Int](repeating: 0, count: shape.count)
    var size = 1, first = 0
    let tidy = Bool.random(using: &random)
    let order = shape.indices.shuffled(using: &random)
    for axis in Bool.random(using: &random) ? order : shape.indices.reversed() {
      if mayBroadcast, Int.random(in: 0..<5, using: &random) == 0 { continue }
      strides[axis] = size
      if !tidy, Int.random(in: 0..<4, using: &random) == 0 {
        strides[axis] = -size
        first += (shape[axis] - 1) * size
      }
      size = size * shape[axis] + (tidy ? 0 : Int.random(in: 0...2, using: &random))
    }
    return (strides, first, size)
  }

  @Test(arguments: [1, 5, 8, 13, 16, 31, 64, 100, 128]) func transpose(size: Int) {
    var random = TestRandom(22)
    let columns = size + 3
    let x: [Float] = random.array(size * columns)
    var out = [Float](repeating: 0, count: size * columns)
    Float.copy(
      x, &out, [Int64(columns), Int64(size)], [1, Int64(columns)], [Int64(size), 1])
    for i in 0..<size {
      for j in 0..<columns { #expect(out[j * size + i] == x[i * columns + j]) }
    }
  }

  @Test func emptyCopyTouchesNothing() {
    var out: [Float] = [1]
    Float.copy([2], &out, [3, 0], [0, 0], [0, 0])
    #expect(out == [1])
  }

  @Test(arguments: [1, 2, 10, 64]) func gatherAndScatter(row: Int) {
    check(Float.self)
    check(Double.self)
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(23)
      let x: [T] = random.array(20 * row)
      let indices = (0..<50).map { _ in Int32.random(in: 0..<20, using: &random) }
      var gathered = [T](repeating: 0, count: 50 * row)
      T.gather(x, indices, &gathered, row)
      #expect(gathered == indices.flatMap { x[Int($0) * row..<(Int($0) + 1) * row] })
      var out: [T] = random.array(20 * row)
      var expected = out
      for (k, index) in indices.enumerated() {
        for i in 0..<row { expected[Int(index) * row + i] += gathered[k * row + i] }
      }
      T.scatter(gathered, indices, &out, row)
      #expect(out == expected)
    }
  }
}
