import CKernels

/// Places of elements in order, row by row.
enum OrderExecution {
  static func run(_ order: Ordering, _ workspace: Workspace, _ share: Share) {
    let x = workspace.address(order.operand)
    let places = workspace.address(order.result).assumingMemoryBound(to: Int32.self)
    let (rows, extent, count) = (Int64(order.rows), Int64(order.extent), Int64(order.count))
    let scratch = workspace.scratch(of: share.index)
    let descending: Int32 = order.descending ? 1 : 0
    switch order.scalar {
    case .float32:
      mr_order_f32(
        x.assumingMemoryBound(to: Float.self), places, rows, extent, count, descending, scratch)
    case .float64:
      mr_order_f64(
        x.assumingMemoryBound(to: Double.self), places, rows, extent, count, descending, scratch)
    case .int32: fatalError("keys are floating-point")
    }
  }
}
