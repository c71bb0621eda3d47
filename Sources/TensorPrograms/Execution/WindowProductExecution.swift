import CKernels

/// Products with the contents of windows.
enum WindowProductExecution {
  static func run(_ product: WindowProduct, _ workspace: Workspace, _ share: Share) {
    var how = product.description
    let bytes = product.scalar.byteCount
    let (images, matrix) = (product.pixels * bytes, Int(how.columns) * bytes)
    // Bytes from one product's first operand, right operand and result to the next one's.
    let step =
      switch product.kind {
      case .product: (images, product.elements * matrix, product.count * matrix)
      case .gradient: (images, product.count * matrix, product.elements * matrix)
      case .fold: (product.count * matrix, product.elements * matrix, images)
      }
    let rightStep = product.sharesRight ? 0 : step.1
    let range =
      product.kind == .gradient
      ? share.range(of: Int(how.columns), inMultiplesOf: Limits.tileColumns)
      : share.range(of: Int(how.windows.images), inMultiplesOf: 1)
    let function =
      switch (product.kind, product.scalar == .float32) {
      case (.product, true): mr_window_product_f32
      case (.product, false): mr_window_product_f64
      case (.gradient, true): mr_window_gradient_f32
      case (.gradient, false): mr_window_gradient_f64
      case (.fold, true): mr_window_fold_f32
      case (.fold, false): mr_window_fold_f64
      }
    for index in 0..<product.batch {
      function(
        &how, workspace.address(product.first) + index * step.0,
        workspace.address(product.right) + index * rightStep,
        workspace.address(product.result) + index * step.2, Int64(range.lowerBound),
        Int64(range.upperBound), workspace.scratch(of: share.index))
    }
  }
}
