import Testing

/// Places in order against the standard library's sort, which is stable.
@Suite struct OrderTests {
  @Test(arguments: [1, 2, 24, 25, 65, 300, 2000]) func order(extent: Int) {
    check(Float.self)
    check(Double.self)
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(UInt64(extent))
      let special: [T] = [0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, 1, -1]
      let x = (0..<2 * extent).map { position in
        position % 5 == 0
          ? special.randomElement(using: &random)! : T(Int.random(in: -40...40, using: &random))
      }
      for descending in [false, true] {
        let expected = (0..<2).map { row in
          (0..<extent).sorted { first, second in
            let (a, b) = (x[row * extent + first], x[row * extent + second])
            if a < b || a > b { return descending ? a > b : a < b }
            return a.isNaN == b.isNaN ? first < second : b.isNaN
          }
        }
        for count in Set([0, 1, extent / 40, extent / 2, extent]) {
          let places = T.order(x, extent, count, descending: descending)
          let wanted = expected.flatMap { $0.prefix(count).map { Int32($0) } }
          #expect(places == wanted, "\(count) of \(extent)")
        }
      }
    }
  }
}
