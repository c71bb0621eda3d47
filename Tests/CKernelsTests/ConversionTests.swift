import CKernels
import Testing

@Suite struct ConversionTests {
  @Test func truncationSaturates() {
    let doubles: [Double] = [
      0, -0.0, 0.9, -0.9, 1.5, -1.5, 1e9, -1e9, 2_147_483_647, 2_147_483_647.9, 2_147_483_648,
      -2_147_483_648, -2_147_483_648.9, -2_147_483_649, 1e300, -1e300, .infinity, -.infinity, .nan,
    ]
    for repeats in [1, 3] {
      let x = Array(repeatElement(doubles, count: repeats).joined())
      #expect(Double.truncate(x) == x.map(saturated))
      #expect(Float.truncate(x.map(Float.init)) == x.map { saturated(Double(Float($0))) })
    }
  }

  private func saturated(_ x: Double) -> Int32 {
    if x.isNaN { return 0 }
    return x >= 2_147_483_647 ? .max : x <= -2_147_483_648 ? .min : Int32(x)
  }

  @Test(arguments: [0, 1, 15, 100]) func betweenTypes(count: Int) {
    var random = TestRandom(31)
    let doubles: [Double] = random.array(count, -1e6...1e6)
    let integers = doubles.map { Int32($0 * 2000) }
    var floats = [Float](repeating: 0, count: count)
    var back = [Double](repeating: 0, count: count)
    mr_convert_f64_f32(doubles, &floats, Int64(count))
    #expect(floats == doubles.map(Float.init))
    mr_convert_f32_f64(floats, &back, Int64(count))
    #expect(back == floats.map(Double.init))
    mr_convert_i32_f32(integers, &floats, Int64(count))
    #expect(floats == integers.map { Float($0) })
    mr_convert_i32_f64(integers, &back, Int64(count))
    #expect(back == integers.map { Double($0) })
  }

  @Test func fillAndSearch() {
    check(Float.self)
    check(Double.self)
    func check<T: KernelScalar>(_: T.Type) {
      for count in [0, 1, 7, 64, 100, 1000] {
        var x = [T](repeating: 0, count: count)
        T.fill(&x, with: -1.5)
        #expect(x == .init(repeating: -1.5, count: count))
        if count > 0 { x[count - 1] = T.greatestFiniteMagnitude }
        #expect(T.firstNonfinite(x) == -1)
        for position in stride(from: 0, to: count, by: 13) {
          for value in [T.nan, .infinity, -.infinity] {
            var y = x
            y[position] = value
            y[count - 1] = .nan
            #expect(T.firstNonfinite(y) == position)
          }
        }
      }
    }
  }
}
