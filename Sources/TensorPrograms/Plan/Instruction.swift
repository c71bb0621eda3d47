/// A kernel as the executor reads it: in memory that the plan owns, so that running it copies nothing
/// and counts no references, over which workers that run the same plan would fight.
enum Instruction {
  case cluster(UnsafePointer<Cluster>)
  case product(UnsafePointer<MatrixProduct>)
  case reduction(UnsafePointer<Reduction>)
  case copy(UnsafePointer<StridedCopy>)
  case fill(UnsafePointer<Fill>)
  case convert(UnsafePointer<Conversion>)
  case gather(UnsafePointer<RowMove>)
  case scatterAdd(UnsafePointer<RowMove>)
  case windows(UnsafePointer<WindowMove>)
  case windowProduct(UnsafePointer<WindowProduct>)
  case scan(UnsafePointer<ScanLoop>)
  case checkpointedReverse(UnsafePointer<CheckpointedSweep>)
  case map(UnsafePointer<TaskLoop>)

  /// A kernel written to memory, which `free` gives back.
  init(_ kernel: Kernel) {
    self =
      switch kernel {
      case .cluster(let cluster): .cluster(written(cluster))
      case .product(let product): .product(written(product))
      case .reduction(let reduction): .reduction(written(reduction))
      case .copy(let copy): .copy(written(copy))
      case .fill(let fill): .fill(written(fill))
      case .convert(let conversion): .convert(written(conversion))
      case .gather(let move): .gather(written(move))
      case .scatterAdd(let move): .scatterAdd(written(move))
      case .windows(let move): .windows(written(move))
      case .windowProduct(let product): .windowProduct(written(product))
      case .scan(let loop): .scan(written(loop))
      case .checkpointedReverse(let sweep): .checkpointedReverse(written(sweep))
      case .map(let loop): .map(written(loop))
      }
  }

  func free() {
    switch self {
    case .cluster(let pointer): release(pointer)
    case .product(let pointer): release(pointer)
    case .reduction(let pointer): release(pointer)
    case .copy(let pointer): release(pointer)
    case .fill(let pointer): release(pointer)
    case .convert(let pointer): release(pointer)
    case .gather(let pointer), .scatterAdd(let pointer): release(pointer)
    case .windows(let pointer): release(pointer)
    case .windowProduct(let pointer): release(pointer)
    case .scan(let pointer): release(pointer)
    case .checkpointedReverse(let pointer): release(pointer)
    case .map(let pointer): release(pointer)
    }
  }
}

private func written<Value>(_ value: Value) -> UnsafePointer<Value> {
  let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
  pointer.initialize(to: value)
  return UnsafePointer(pointer)
}

private func release<Value>(_ pointer: UnsafePointer<Value>) {
  let pointer = UnsafeMutablePointer(mutating: pointer)
  pointer.deinitialize(count: 1)
  pointer.deallocate()
}
