import COpenBLAS

/// OpenBLAS's matrix products and LAPACK's factors, always on the calling thread alone: parallelism
/// is the executor's.
package enum OpenBLAS {
  /// A row-major matrix, or its transpose where it is stored the other way round.
  struct Operand {
    var at: UnsafeRawPointer
    /// Elements from one stored row to the next.
    var row: Int
    var isTransposed = false
  }

  /// The core whose kernels it chose when it was loaded.
  static let core = String(cString: openblas_get_corename())

  /// Cores that OpenBLAS falls back to on processors that it does not know. Their kernels are of
  /// SSE's time: on a processor with AVX2 they reach a fifth of what ours do.
  private static let fallbacks: Set<String> = [
    "Unknown", "Generic", "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Core2",
    "Penryn", "Dunnington", "Nehalem", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Bobcat",
    "Nano",
  ]

  /// Whether it knows the processor: else it is not asked. Decided by names, never by timing, so
  /// that the bits of a program depend on the machine alone.
  package static let isOfThisProcessor = knows(core: core, level: Host.kernels)

  /// Whether kernels for a core are made for a processor of an x86-64 level.
  package static func knows(core: String, level: String) -> Bool {
    level == "x86-64" || !fallbacks.contains { $0.lowercased() == core.lowercased() }
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

  /// Replaces a symmetric matrix's lower triangle by its Cholesky factor; false where it has none.
  static func factorize(
    _ scalar: ScalarType, _ extent: Int, _ matrix: UnsafeMutableRawPointer
  ) -> Bool {
    prepare()
    // What is below the diagonal here is above it where columns come first.
    var (uplo, size, info) = (CChar(UInt8(ascii: "U")), blasint(extent), blasint(0))
    switch scalar {
    case .float32:
      spotrf_(&uplo, &size, matrix.assumingMemoryBound(to: Float.self), &size, &info, 1)
    case .float64:
      dpotrf_(&uplo, &size, matrix.assumingMemoryBound(to: Double.self), &size, &info, 1)
    case .int32: fatalError("factors are floating-point")
    }
    return info == 0
  }

  /// Replaces right sides [extent, columns] by the solutions of a triangular system.
  static func solve(
    _ scalar: ScalarType, extent: Int, columns: Int, lower: Bool, transposed: Bool,
    _ matrix: UnsafeRawPointer, _ right: UnsafeMutableRawPointer
  ) {
    prepare()
    let (m, n) = (blasint(extent), blasint(columns))
    let (half, flip) = (
      lower ? CblasLower : CblasUpper, transposed ? CblasTrans : CblasNoTrans
    )
    switch scalar {
    case .float32:
      cblas_strsm(
        CblasRowMajor, CblasLeft, half, flip, CblasNonUnit, m, n, 1,
        matrix.assumingMemoryBound(to: Float.self), m, right.assumingMemoryBound(to: Float.self), n)
    case .float64:
      cblas_dtrsm(
        CblasRowMajor, CblasLeft, half, flip, CblasNonUnit, m, n, 1,
        matrix.assumingMemoryBound(to: Double.self), m, right.assumingMemoryBound(to: Double.self),
        n)
    case .int32: fatalError("systems are floating-point")
    }
  }
}
