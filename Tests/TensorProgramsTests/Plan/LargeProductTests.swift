import TensorPrograms
import Testing

/// Products whose left operand leaves the caches.
@Suite struct LargeProductTests {
  @Test("agree with sums of small products, whichever way operands are stored")
  func agree() {
    // In double precision five megabytes: some blocks of rows or of columns, the last of them
    // short.
    check(rows: 6_500, inner: 100, columns: 3)
    check(rows: 300, inner: 2_100, columns: 1_030)
  }

  private func check(rows: Int, inner: Int, columns: Int) {
    var numbers = Numbers("large products")
    let (left, right) = (numbers.tensor([rows, inner]), numbers.tensor([inner, columns]))
    let (a, b) = (left.doubles, right.doubles)
    for (transposeLeft, transposeRight) in [(false, false), (true, false), (false, true)] {
      let operands = [
        transposeLeft ? left.transposed([1, 0]) : left,
        transposeRight ? right.transposed([1, 0]) : right,
      ]
      let found = compile(operands.map(\.type)) {
        [
          $0[0].product(
            $0[1], transposeLeft: transposeLeft, transposeRight: transposeRight)
        ]
      }(operands)[0].doubles
      for row in [0, 1, 255, 256, 257, rows / 2, rows - 1] {
        for column in Set([0, 1, 2, 1_023, 1_024, columns - 1]) where column < columns {
          let expected = (0..<inner).reduce(0) {
            $0 + a[row * inner + $1] * b[$1 * columns + column]
          }
          #expect(abs(found[row * columns + column] - expected) < 1e-12)
        }
      }
    }
  }
}
