extension Plan {
  /// One line a kernel, loop bodies indented: what runs, in which order, over how many numbers.
  package var text: String { lines(indentation: "  ").joined(separator: "\n") }

  private func lines(indentation: String) -> [String] {
    kernels.flatMap { kernel -> [String] in
      switch kernel {
      case .cluster(let cluster):
        let reads = cluster.inputCount
        return [
          indentation
            + "cluster   \(cluster.count) elements, \(cluster.operationCount) operations, "
            + "reads \(reads), writes \(cluster.outputCount)"
        ]
      case .product(let product):
        let flags = (product.transposeLeft ? "ᵀ" : "", product.transposeRight ? "ᵀ" : "")
        return [
          indentation + "product   \(product.batch) × [\(product.rows), \(product.inner)]\(flags.0)"
            + " · [\(product.inner), \(product.columns)]\(flags.1)"
        ]
      case .reduction(let reduction):
        let name = reduction.kind == .sum ? "sum     " : "maximum "
        return [
          indentation + "\(name)  [\(reduction.outer), \(reduction.reduced), \(reduction.inner)] "
            + "over the middle"
        ]
      case .copy(let copy): return [indentation + "copy      \(copy.count) elements"]
      case .fill(let fill): return [indentation + "fill      \(fill.count) elements"]
      case .convert(let conversion):
        return [
          indentation + "convert   \(conversion.count) elements, \(conversion.from.shortName) to "
            + conversion.to.shortName
        ]
      case .gather(let move):
        return [indentation + "gather    \(move.batch) × \(move.count) rows of \(move.rowElements)"]
      case .scatterAdd(let move):
        return [indentation + "scatter   \(move.batch) × \(move.count) rows of \(move.rowElements)"]
      case .windows(let move):
        return [
          indentation + "\(move.folds ? "fold   " : "patches")   \(move.layout.images) × "
            + "\(move.layout.rows) × \(move.layout.columns) windows of "
            + "\(move.layout.window_height) × \(move.layout.window_width) × "
            + "\(move.layout.channels)"
        ]
      case .windowProduct(let product):
        let (count, elements, columns) = (
          product.count, product.elements, product.description.columns
        )
        let text =
          switch product.kind {
          case .product:
            "windows   \(product.batch) × [\(count), \(elements)] · [\(elements), \(columns)]"
          case .gradient:
            "windows   \(product.batch) × [\(elements), \(count)] · [\(count), \(columns)]"
          case .fold:
            "windows   \(product.batch) × fold of [\(count), \(columns)] · [\(columns), \(elements)]"
          }
        return [indentation + text]
      case .scan(let loop):
        let moved = loop.carries.filter { if case .alternating = $0 { true } else { false } }.count
        return [
          indentation + "scan      \(loop.length) steps\(loop.reversed ? ", reversed" : ""), "
            + "\(loop.carries.count) carries (\(loop.carries.count - moved) in place)"
        ] + loop.body.lines(indentation: indentation + "  ")
      case .checkpointedReverse(let sweep):
        let advanced = BinomialSchedule.advancedSteps(
          length: sweep.length, snapshots: sweep.snapshots)
        return [
          indentation + "sweep     \(sweep.length) steps with \(sweep.snapshots) snapshots, "
            + "\(advanced) steps advanced"
        ] + sweep.advance.lines(indentation: indentation + "  ") + [indentation + "pullback"]
          + sweep.adjoint.lines(indentation: indentation + "  ")
      case .map(let loop):
        return [
          indentation + "map       \(loop.length) tasks in \(loop.blocks) blocks of \(loop.block)"
        ] + loop.body.lines(indentation: indentation + "  ")
      }
    }
  }
}
