import CKernels

extension Kernel {
  /// What the time of a kernel is spent on.
  package enum Kind: String, Sendable, CaseIterable {
    case products, clusters, reductions, moves, loops
  }

  /// What this kernel's time is spent on; of loops, their own.
  var kind: Kind {
    switch self {
    case .product, .windowProduct, .cholesky, .triangularSolve: .products
    case .cluster: .clusters
    case .reduction: .reductions
    case .copy, .fill, .convert, .gather, .scatterAdd, .order, .windows: .moves
    case .scan, .checkpointedReverse, .map: .loops
    }
  }

  /// Floating-point operations of a product; bytes that anything else reads and writes, what it
  /// reads repeatedly once; nothing for loops, whose kernels do the work.
  var work: Int {
    switch self {
    case .product(let product): product.operations
    case .windowProduct(let product): product.operations
    case .cluster(let cluster): cluster.bytesMoved
    case .reduction(let reduction):
      reduction.outer * (reduction.reduced + 1) * reduction.inner * reduction.scalar.byteCount
    case .copy(let copy): copy.bytesMoved
    case .fill(let fill): fill.count * fill.scalar.byteCount
    case .convert(let conversion):
      conversion.count * (conversion.from.byteCount + conversion.to.byteCount)
    case .gather(let move): 2 * move.rowBytes + move.indexBytes
    case .scatterAdd(let move):
      move.rowBytes + move.indexBytes
        + move.batch * move.tableRows * move.rowElements * move.scalar.byteCount
    case .order(let order): order.rows * (order.extent * order.scalar.byteCount + order.count * 4)
    case .cholesky(let factors):
      factors.batch * factors.extent * factors.extent * factors.extent / 3
    case .triangularSolve(let systems):
      systems.batch * systems.extent * systems.extent * systems.columns
    case .windows(let move): move.bytesMoved
    case .scan, .checkpointedReverse, .map: 0
    }
  }
}

extension Cluster {
  fileprivate var bytesMoved: Int {
    let shape = UnsafeBufferPointer(
      start: description.pointee.shape, count: Int(description.pointee.rank))
    let read = (0..<inputCount).reduce(0) { sum, input in
      let access = description.pointee.accesses[input]
      switch Int(access.kind) {
      case Int(MR_CONTIGUOUS): return sum + count
      case Int(MR_SCALAR): return sum + 1
      default: return sum + distinctElements(Array(shape), access.strides.prefix(shape.count))
      }
    }
    let written = (outputCount - reductionCount) * count + reductionCount * (count / row)
    return (read + written) * scalar.byteCount
  }
}

extension StridedCopy {
  fileprivate var bytesMoved: Int {
    elementBytes
      * (count + distinctElements(shape.prefix(rank), operandStrides.prefix(rank)))
  }
}

extension RowMove {
  fileprivate var rowBytes: Int { batch * count * rowElements * scalar.byteCount }
  fileprivate var indexBytes: Int { batch * count * ScalarType.int32.byteCount }
}

extension WindowMove {
  fileprivate var bytesMoved: Int {
    let images = layout.height * layout.width
    let windows = layout.rows * layout.columns * layout.window_height * layout.window_width
    return Int(layout.images * layout.channels * (images + windows)) * scalar.byteCount
  }
}

/// How many elements a strided operand has: an axis of stride 0 repeats them.
private func distinctElements(_ shape: [Int64], _ strides: [Int64]) -> Int {
  zip(shape, strides).reduce(1) { $1.1 == 0 ? $0 : $0 * Int($1.0) }
}
