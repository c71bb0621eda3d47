import CKernels

/// Matrix products: by the register-blocked C kernel, or by OpenBLAS where operands are large and
/// it has kernels for this processor.
enum MatrixProductExecution {
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
    OpenBLAS.prepare()
    let (columns, inner, size) = (product.columns, product.inner, product.scalar.byteCount)
    for block in product.largeBlocks(share) {
      let (index, rows, ofResult) = product.largeBlock(block)
      let firstLeft =
        index * product.leftStride + rows.lowerBound * (product.transposeLeft ? 1 : inner)
      let firstRight =
        index * product.rightStride + ofResult.lowerBound * (product.transposeRight ? inner : 1)
      let firstResult =
        (index * product.rows + rows.lowerBound) * columns + ofResult.lowerBound
      OpenBLAS.multiply(
        product.scalar, rows: rows.count, columns: ofResult.count, inner: inner,
        OpenBLAS.Operand(
          at: workspace.address(product.left) + firstLeft * size,
          row: product.transposeLeft ? product.rows : inner, isTransposed: product.transposeLeft),
        OpenBLAS.Operand(
          at: workspace.address(product.right) + firstRight * size,
          row: product.transposeRight ? inner : columns, isTransposed: product.transposeRight),
        to: workspace.address(product.result) + firstResult * size, resultRow: columns)
    }
  }
}
