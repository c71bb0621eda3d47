import COpenBLAS

/// OpenBLAS's matrix products, always on the calling thread alone: parallelism is the executor's.
enum OpenBLAS {
  /// A row-major matrix, or its transpose where it is stored the other way round.
  struct Operand {
    var at: UnsafeRawPointer
    /// Elements from one stored row to the next.
    var row: Int
    var isTransposed = false
  }

  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// Done once, before the first product.
  static func prepare() { _ = singleThreaded }

  /// result = left · right, [rows, columns] with `resultRow` elements from one row to the next.
  static func multiply(
    _ scalar: ScalarType, rows: Int, columns: Int, inner: Int, _ left: Operand, _ right: Operand,
    to result: UnsafeMutableRawPointer, resultRow: Int
  ) {
    let (m, n, k) = (blasint(rows), blasint(columns), blasint(inner))
    let (a, b) = (
      left.isTransposed ? CblasTrans : CblasNoTrans, right.isTransposed ? CblasTrans : CblasNoTrans
    )
    let (lda, ldb, ldc) = (
      blasint(max(1, left.row)), blasint(max(1, right.row)), blasint(resultRow)
    )
    switch scalar {
    case .float32:
      cblas_sgemm(
        CblasRowMajor, a, b, m, n, k, 1, left.at.assumingMemoryBound(to: Float.self), lda,
        right.at.assumingMemoryBound(to: Float.self), ldb, 0,
        result.assumingMemoryBound(to: Float.self), ldc)
    case .float64:
      cblas_dgemm(
        CblasRowMajor, a, b, m, n, k, 1, left.at.assumingMemoryBound(to: Double.self), lda,
        right.at.assumingMemoryBound(to: Double.self), ldb, 0,
        result.assumingMemoryBound(to: Double.self), ldc)
    case .int32: fatalError("products are floating-point")
    }
  }
}
