import CKernels
import Testing

@Suite struct ReductionTests {
  @Test(arguments: ["f32", "f64"]) func agreeWithTheNaiveLoop(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(11)
      let extents = [1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 33, 64, 65, 100, 128, 257, 1000, 5000]
      for _ in 0..<400 {
        let outer = extents.prefix(9).randomElement(using: &random)!
        let reduced = extents.randomElement(using: &random)!
        let inner = extents.prefix(15).randomElement(using: &random)!
        if outer * reduced * inner > 60_000 { continue }
        let x: [T] = random.array(outer * reduced * inner)
        var sum = [T](repeating: 77, count: outer * inner), top = sum
        T.sum(x, &sum, outer, reduced, inner)
        T.max(x, &top, outer, reduced, inner)
        for o in 0..<outer {
          for i in 0..<inner {
            let row = (0..<reduced).map { x[(o * reduced + $0) * inner + i] }
            let exact = row.reduce(0.0) { $0 + Double($1) }
            let scale = row.reduce(0.0) { $0 + Double($1.magnitude) }
            // Pairwise: far fewer roundings in a chain than elements.
            let bound = scale * Double(T.ulpOfOne) * (T.self == Float.self ? 16 : 64)
            let found = Double(sum[o * inner + i])
            #expect((found - exact).magnitude <= bound, "sum of [\(outer), \(reduced), \(inner)]")
            #expect(top[o * inner + i] == row.max(), "maximum of [\(outer), \(reduced), \(inner)]")
          }
        }
      }
    }
  }

  @Test func longSumsStayAccurate() {
    let count = 1 << 22
    let x = [Float](repeating: 0.1, count: count)
    var row = [Float](repeating: 0, count: 1)
    Float.sum(x, &row, 1, count, 1)
    #expect((Double(row[0]) / (Double(Float(0.1)) * Double(count)) - 1).magnitude < 1e-6)
    var columns = [Float](repeating: 0, count: 64)
    Float.sum(x, &columns, 1, count / 64, 64)
    for sum in columns {
      #expect((Double(sum) / (Double(Float(0.1)) * Double(count / 64)) - 1).magnitude < 1e-6)
    }
  }

  @Test func bitsDependOnTheRowAlone() {
    var random = TestRandom(12)
    for reduced in [3, 10, 16, 100, 129, 1000, 4100] {
      let rows: [Float] = random.array(5 * reduced)
      var together = [Float](repeating: 0, count: 5)
      Float.sum(rows, &together, 5, reduced, 1)
      for r in 0..<5 {
        var alone = [Float](repeating: 0, count: 1)
        Float.sum(Array(rows[r * reduced..<(r + 1) * reduced]), &alone, 1, reduced, 1)
        #expect(alone[0] == together[r])
      }
    }
    // A column's sum does not depend on how many columns there are.
    let columns = 150, reduced = 77
    let x: [Double] = random.array(reduced * columns)
    var together = [Double](repeating: 0, count: columns)
    Double.sum(x, &together, 1, reduced, columns)
    for width in [2, 7, 8, 9, 31, 32, 33, 100] {
      let part = (0..<reduced).flatMap { x[$0 * columns..<$0 * columns + width] }
      var sums = [Double](repeating: 0, count: width)
      Double.sum(part, &sums, 1, reduced, width)
      #expect(sums == Array(together.prefix(width)))
    }
  }

  @Test func emptyAndSpecial() {
    var out: [Float] = [5, 5, 5]
    Float.sum([0], &out, 1, 0, 3)
    #expect(out == [0, 0, 0])
    Float.max([0], &out, 1, 0, 3)
    #expect(out == [-.infinity, -.infinity, -.infinity])
    for count in [1, 5, 16, 40, 300] {
      for position in Set([0, count / 2, count - 1]) {
        var x = [Float](repeating: -3, count: count)
        var top: [Float] = [0]
        x[position] = .nan
        Float.max(x, &top, 1, count, 1)
        #expect(top[0].isNaN)
        x[position] = -.infinity
        Float.max(x, &top, 1, count, 1)
        #expect(top[0] == (count == 1 ? -.infinity : -3))
        x[position] = .infinity
        Float.max(x, &top, 1, count, 1)
        #expect(top[0] == .infinity)
        // Along columns, too.
        var columns: [Float] = [0, 0]
        x = .init(repeating: 1, count: 2 * count)
        x[2 * position] = .nan
        Float.max(x, &columns, 1, count, 2)
        #expect(columns[0].isNaN && columns[1] == 1)
      }
    }
  }
}
