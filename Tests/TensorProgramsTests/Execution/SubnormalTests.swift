import TensorPrograms
import Testing

@Suite struct SubnormalTests {
  @Test("subnormal numbers are zeros, in compiled functions and outside, whoever computes")
  func areZeros() {
    for workers in [1, 2] {
      ExecutionOptions.$current.withValue(ExecutionOptions(workers: workers)) {
        // The square of the first is subnormal in single precision, that of the second is not.
        let x = Tensor([0x1p-70, 0x1p-60] as [Float])
        let square = compile(like: x) { $0 * $0 }
        #expect(square(x).array(of: Float.self) == [0, 0x1p-120])
        #expect((x * x).array(of: Float.self) == [0, 0x1p-120])
        let rows = Tensor((0..<64).map { _ in Float(0x1p-70) }, shape: [64, 1])
        let mapped = compile(like: rows) { rows in
          Tensor.map(over: rows, length: 64) { $0 * $0 }
        }
        #expect(mapped(rows).isZero)
        let y = Tensor([0x1p-530, 0x1p-500])
        #expect((y * y).doubles == [0, 0x1p-1000])
      }
    }
    // The calling thread computes as before.
    let small = Float(0x1p-70)
    #expect(small * small > 0)
  }
}
