import CKernels
import COpenBLAS

/// Matrix products: by the register-blocked C kernel, or by OpenBLAS where operands are large.
/// OpenBLAS always runs on the calling thread alone.
enum MatrixProducts {
  /// Done once, before the first product: parallelism is the executor's.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// Makes OpenBLAS run on the calling thread alone.
  static func prepare() { _ = singleThreaded }

  static func run(
    _ product: UnsafePointer<MatrixProduct>, _ workspace: Workspace, _ share: Share
  ) {
    guard product.pointee.rows > 0, product.pointee.columns > 0 else { return }
    guard !product.pointee.isLarge else { return runLarge(product.pointee, workspace, share) }
    let left = workspace.address(product.pointee.left)
    let right = workspace.address(product.pointee.right)
    let addend = product.pointee.addend.map { UnsafeRawPointer(workspace.address($0.location)) }
    let gates = product.pointee.gates.map { UnsafeRawPointer(workspace.address($0)) }
    let result = workspace.address(product.pointee.result)
    var description = product.pointee.description
    var part = product.pointee.part(share)
    let scratch = workspace.scratch(of: share.index)
    switch product.pointee.scalar {
    case .float32:
      mr_products_f32(&description, &part, left, right, addend, gates, result, scratch)
    case .float64:
      mr_products_f64(&description, &part, left, right, addend, gates, result, scratch)
    case .int32: fatalError("products are floating-point")
    }
  }

  private static func runLarge(
    _ product: MatrixProduct, _ workspace: Workspace, _ share: Share
  ) {
    prepare()
    let left = workspace.address(product.left)
    let right = workspace.address(product.right)
    let result = workspace.address(product.result)
    let (columns, inner) = (product.columns, product.inner)
    for block in product.largeBlocks(share) {
      let (index, rows, ofResult) = product.largeBlock(block)
      let firstLeft =
        index * product.leftStride + rows.lowerBound * (product.transposeLeft ? 1 : inner)
      let firstRight =
        index * product.rightStride + ofResult.lowerBound * (product.transposeRight ? inner : 1)
      let firstResult =
        (index * product.rows + rows.lowerBound) * columns + ofResult.lowerBound
      switch product.scalar {
      case .float32:
        cblas_sgemm(
          CblasRowMajor, transposition(product.transposeLeft),
          transposition(product.transposeRight), blasint(rows.count), blasint(ofResult.count),
          blasint(inner), 1, left.assumingMemoryBound(to: Float.self) + firstLeft,
          blasint(max(1, product.transposeLeft ? product.rows : inner)),
          right.assumingMemoryBound(to: Float.self) + firstRight,
          blasint(max(1, product.transposeRight ? inner : columns)), 0,
          result.assumingMemoryBound(to: Float.self) + firstResult, blasint(columns))
      case .float64:
        cblas_dgemm(
          CblasRowMajor, transposition(product.transposeLeft),
          transposition(product.transposeRight), blasint(rows.count), blasint(ofResult.count),
          blasint(inner), 1, left.assumingMemoryBound(to: Double.self) + firstLeft,
          blasint(max(1, product.transposeLeft ? product.rows : inner)),
          right.assumingMemoryBound(to: Double.self) + firstRight,
          blasint(max(1, product.transposeRight ? inner : columns)), 0,
          result.assumingMemoryBound(to: Double.self) + firstResult, blasint(columns))
      case .int32: fatalError("products are floating-point")
      }
    }
  }

  private static func transposition(_ isTransposed: Bool) -> CBLAS_TRANSPOSE {
    isTransposed ? CblasTrans : CblasNoTrans
  }
}
