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
    guard !product.pointee.isLarge else { return runLarge(product.pointee, workspace) }
    let left = workspace.address(product.pointee.left)
    let right = workspace.address(product.pointee.right)
    let addend = product.pointee.addend.map { UnsafeRawPointer(workspace.address($0.location)) }
    let result = workspace.address(product.pointee.result)
    var description = product.pointee.description
    var part = product.pointee.part(share)
    let scratch = workspace.scratch(of: share.index)
    switch product.pointee.scalar {
    case .float32: mr_products_f32(&description, &part, left, right, addend, result, scratch)
    case .float64: mr_products_f64(&description, &part, left, right, addend, result, scratch)
    case .int32: fatalError("products are floating-point")
    }
  }

  private static func runLarge(_ product: MatrixProduct, _ workspace: Workspace) {
    prepare()
    let left = workspace.address(product.left)
    let right = workspace.address(product.right)
    let result = workspace.address(product.result)
    let (rows, columns, inner) = (
      blasint(product.rows), blasint(product.columns), blasint(product.inner)
    )
    let leftRow = max(1, product.transposeLeft ? rows : inner)
    let rightRow = max(1, product.transposeRight ? inner : columns)
    let transposeLeft = product.transposeLeft ? CblasTrans : CblasNoTrans
    let transposeRight = product.transposeRight ? CblasTrans : CblasNoTrans
    let size = product.rows * product.columns
    for index in 0..<product.batch {
      switch product.scalar {
      case .float32:
        cblas_sgemm(
          CblasRowMajor, transposeLeft, transposeRight, rows, columns, inner, 1,
          left.assumingMemoryBound(to: Float.self) + index * product.leftStride, leftRow,
          right.assumingMemoryBound(to: Float.self) + index * product.rightStride, rightRow, 0,
          result.assumingMemoryBound(to: Float.self) + index * size, columns)
      case .float64:
        cblas_dgemm(
          CblasRowMajor, transposeLeft, transposeRight, rows, columns, inner, 1,
          left.assumingMemoryBound(to: Double.self) + index * product.leftStride, leftRow,
          right.assumingMemoryBound(to: Double.self) + index * product.rightStride, rightRow, 0,
          result.assumingMemoryBound(to: Double.self) + index * size, columns)
      case .int32: fatalError("products are floating-point")
      }
    }
  }
}
