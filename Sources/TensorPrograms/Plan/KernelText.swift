extension Kernel {
  /// What runs, over how many numbers, in one line.
  var text: String {
    switch self {
    case .cluster(let cluster):
      return "cluster   \(cluster.count) elements, \(cluster.operationCount) operations, "
        + "reads \(cluster.inputCount), writes \(cluster.outputCount)"
        + (cluster.reductionCount > 0 ? " (\(cluster.reductionCount) reduced)" : "")
    case .product(let product):
      let flags = (product.transposeLeft ? "ᵀ" : "", product.transposeRight ? "ᵀ" : "")
      return "product   \(product.batch) × [\(product.rows), \(product.inner)]\(flags.0)"
        + " · [\(product.inner), \(product.columns)]\(flags.1)"
        + (product.addend.map { $0.row > 0 ? " + matrix" : " + row" } ?? "")
        + (product.finish.map { if case .relu = $0 { ", relu" } else { ", gated" } } ?? "")
    case .reduction(let reduction):
      let name = reduction.kind == .sum ? "sum     " : "maximum "
      return "\(name)  [\(reduction.outer), \(reduction.reduced), \(reduction.inner)] "
        + "over the middle"
    case .copy(let copy): return "copy      \(copy.count) elements"
    case .fill(let fill): return "fill      \(fill.count) elements"
    case .convert(let conversion):
      return "convert   \(conversion.count) elements, \(conversion.from.shortName) to "
        + conversion.to.shortName
    case .gather(let move):
      return "gather    \(move.batch) × \(move.count) rows of \(move.rowElements)"
    case .scatterAdd(let move):
      return "scatter   \(move.batch) × \(move.count) rows of \(move.rowElements)"
    case .order(let order):
      return "order     the first \(order.count) of \(order.rows) × \(order.extent) elements"
    case .cholesky(let factors):
      return "cholesky  \(factors.batch) × [\(factors.extent), \(factors.extent)]"
    case .triangularSolve(let systems):
      return "solve     \(systems.batch) × [\(systems.extent), \(systems.columns)]"
    case .windows(let move):
      return "\(move.folds ? "fold   " : "patches")   \(move.layout.images) × "
        + "\(move.layout.rows) × \(move.layout.columns) windows of "
        + "\(move.layout.window_height) × \(move.layout.window_width) × "
        + "\(move.layout.channels)"
    case .windowProduct(let product):
      let (count, elements) = (product.count, product.elements)
      let columns = product.description.columns
      let form =
        switch product.kind {
        case .product: "[\(count), \(elements)] · [\(elements), \(columns)]"
        case .gradient: "[\(elements), \(count)] · [\(count), \(columns)]"
        case .fold: "fold of [\(count), \(columns)] · [\(columns), \(elements)]"
        }
      return "windows   \(product.batch) × \(form)"
    case .scan(let loop):
      let moved = loop.carries.filter { if case .alternating = $0 { true } else { false } }.count
      return "scan      \(loop.length) steps\(loop.reversed ? ", reversed" : ""), "
        + "\(loop.carries.count) carries (\(loop.carries.count - moved) in place)"
    case .checkpointedReverse(let sweep):
      let advanced = BinomialSchedule.advancedSteps(
        length: sweep.length, snapshots: sweep.snapshots)
      return "sweep     \(sweep.length) steps with \(sweep.snapshots) snapshots, "
        + "\(advanced) steps advanced"
    case .map(let loop):
      return "map       \(loop.length) tasks in \(loop.blocks) blocks of \(loop.block)"
    }
  }

  /// The plans that a loop runs, the second and its name in some: of a scan what runs ahead, of a
  /// sweep the pullback. That of a map's last, smaller block is like the others'.
  var bodies: [(name: String, plan: Plan)] {
    switch self {
    case .scan(let loop):
      [("", loop.body)] + (loop.ahead.map { [("a step ahead", $0)] } ?? [])
    case .checkpointedReverse(let sweep): [("", sweep.advance), ("pullback", sweep.adjoint)]
    case .map(let loop): [("", loop.body)]
    case .cluster, .product, .reduction, .copy, .fill, .convert, .gather, .scatterAdd, .order,
      .cholesky, .triangularSolve, .windows, .windowProduct:
      []
    }
  }
}
