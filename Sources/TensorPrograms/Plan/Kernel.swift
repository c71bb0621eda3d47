/// What the executor can do: the instructions of a plan. A closed set of its own, coarser than the
/// primitives in places (a cluster is many of them) and finer in others (a padding is two).
package enum Kernel: Sendable {
  case cluster(Kept<Cluster>)
  case product(Kept<MatrixProduct>)
  case reduction(Kept<Reduction>)
  case copy(Kept<StridedCopy>)
  case fill(Kept<Fill>)
  case convert(Kept<Conversion>)
  case gather(Kept<RowMove>)
  case scatterAdd(Kept<RowMove>)
  case order(Kept<Ordering>)
  case cholesky(Kept<Factorization>)
  case triangularSolve(Kept<TriangularSolve>)
  case windows(Kept<WindowMove>)
  case windowProduct(Kept<WindowProduct>)
  case scan(Kept<ScanLoop>)
  case checkpointedReverse(Kept<CheckpointedSweep>)
  case map(Kept<TaskLoop>)
}

/// One of several equal shares of a kernel's work.
struct Share {
  /// Which share, from 0.
  var index: Int
  /// How many there are.
  var count: Int

  /// All of the work.
  static let whole = Share(index: 0, count: 1)

  /// This share of the numbers from 0 to below a total, cut at multiples only.
  func range(of total: Int, inMultiplesOf multiple: Int) -> Range<Int> {
    if count == 1 { return 0..<total }
    let blocks = (total + multiple - 1) / multiple
    let first = blocks * index / count * multiple
    return min(first, total)..<min(blocks * (index + 1) / count * multiple, total)
  }
}

extension Kernel {
  /// About how many operations a run takes of those that workers can share: each share's bits are
  /// those of the whole, so that sharing changes nothing but the time.
  var sharedOperations: Int {
    switch self {
    case .cluster(let cluster): cluster.count * max(1, cluster.operationCount)
    // A vector's worth at a time, and much of it in the shadow of others.
    case .product(let product): product.operations / 8
    case .windowProduct(let product): product.operations / 8
    case .copy(let copy): copy.isContiguous ? copy.count : 0
    case .fill(let fill): fill.count
    case .gather(let move): move.batch == 1 ? move.count * move.rowElements : 0
    case .reduction, .convert, .scatterAdd, .order, .cholesky, .triangularSolve, .windows, .scan,
      .checkpointedReverse, .map:
      0
    }
  }

  /// Whether sharing is worth two signals between threads.
  var isShared: Bool { sharedOperations >= Kernel.leastShared }

  private static let leastShared = 8192
}
