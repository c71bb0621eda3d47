import CKernels

/// What this machine can do at best: large matrix products on every worker at once, in
/// floating-point operations per second of all of them together.
package struct ProductRate: Sendable {
  /// Rows and columns of the matrices.
  package static let size = 1024

  /// Those of OpenBLAS, on one thread each.
  package let openBLAS: Double
  /// Those of the kernel that smaller products run.
  package let kernel: Double

  /// The better one.
  package var best: Double { max(openBLAS, kernel) }

  /// Measures each for so many seconds and takes every worker's fastest product.
  package init(_ scalar: ScalarType, seconds: Double = 0.3) {
    OpenBLAS.prepare()
    let size = ProductRate.size
    let n = Int64(size)
    var how = mr_products(
      rows: n, columns: n, inner: n, count: 1, left_stride: 0, right_stride: 0,
      left_transposed: 0, right_transposed: 0, addend_stride: 0, addend_row: 0, relu: 0)
    let scratchBytes = mr_products_scratch_bytes(&how)
    openBLAS = ProductRate.measured(scalar, seconds, scratchBytes: 0) { left, right, result, _ in
      OpenBLAS.multiply(
        scalar, rows: size, columns: size, inner: size, OpenBLAS.Operand(at: left, row: size),
        OpenBLAS.Operand(at: right, row: size), to: result, resultRow: size)
    }
    kernel = ProductRate.measured(scalar, seconds, scratchBytes: scratchBytes) {
      left, right, result, scratch in
      var how = how
      var part = mr_part(
        first_product: 0, end_product: 1, first_row: 0, end_row: n, first_column: 0, end_column: n)
      switch scalar {
      case .float32: mr_products_f32(&how, &part, left, right, nil, nil, result, scratch)
      case .float64: mr_products_f64(&how, &part, left, right, nil, nil, result, scratch)
      case .int32: fatalError("products are floating-point")
      }
    }
  }

  /// Runs products of zeros on every worker.
  private static func measured(
    _ scalar: ScalarType, _ seconds: Double, scratchBytes: Int,
    _ multiply: (
      _ left: UnsafeMutableRawPointer, _ right: UnsafeMutableRawPointer,
      _ result: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer
    ) -> Void
  ) -> Double {
    let pool = Execution.current.pool
    var rates = [Double](repeating: 0, count: pool.workers)
    rates.withUnsafeMutableBufferPointer { rates in
      pool.run(pool.workers) { worker in
        let matrices = (0..<3).map { _ in Buffer(zeros: size * size * scalar.byteCount) }
        let scratch = Buffer(uninitialized: scratchBytes)
        let end = MonotonicClock.nanoseconds + Int(seconds * 1e9)
        var fastest = Int.max
        repeat {
          let start = MonotonicClock.nanoseconds
          multiply(matrices[0].pointer, matrices[1].pointer, matrices[2].pointer, scratch.pointer)
          fastest = min(fastest, MonotonicClock.nanoseconds - start)
        } while MonotonicClock.nanoseconds < end
        rates[worker] = 2 * Double(size * size * size) / Double(fastest) * 1e9
      }
    }
    return rates.reduce(0, +)
  }
}
