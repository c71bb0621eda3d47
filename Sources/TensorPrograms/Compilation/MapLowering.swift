extension Program {
  /// The program with every map over tasks cut into blocks whose tasks run as one.
  ///
  /// The size of a block depends on the program alone, never on the number of workers, so that
  /// sums have the same order and bits everywhere.
  package func withBlockedMaps() -> Program {
    var result = self
    for position in equations.indices {
      switch equations[position].primitive.loop {
      case .scan(var scan):
        scan.body = scan.body.withBlockedMaps()
        result.equations[position].primitive = .scan(scan)
      case .checkpointedReverse(var sweep):
        sweep.body = sweep.body.withBlockedMaps()
        result.equations[position].primitive = .checkpointedReverse(sweep)
      case .map(let map):
        if map.block == nil { result.equations[position].primitive = .map(map.blocked()) }
      case nil: break
      }
    }
    return result
  }

  /// Bytes of all values of one step of the program: how much cache a task wants.
  fileprivate var stepBytes: Int {
    var bytes = 0
    for equation in equations {
      for output in equation.outputs { bytes += types[output].byteCount }
      switch equation.primitive.loop {
      case .scan(let scan):
        for output in equation.outputs { bytes -= types[output].byteCount }
        bytes += scan.body.stepBytes
      case .checkpointedReverse(let sweep):
        for output in equation.outputs { bytes -= types[output].byteCount }
        bytes += sweep.body.stepBytes
      case .map(let map): bytes += map.body.stepBytes
      case nil: break
      }
    }
    return bytes
  }
}

extension MapLoop {
  /// Tasks of a block share this many bytes: about a second-level cache.
  private static let blockBytes = 1 << 20
  /// At least this many blocks, where there are as many tasks: work for several workers.
  private static let leastBlocks = 8

  fileprivate func blocked() -> MapLoop {
    let fitting = max(1, MapLoop.blockBytes / max(1, body.stepBytes))
    let spread = max(1, (length + MapLoop.leastBlocks - 1) / MapLoop.leastBlocks)
    let size = min(fitting, spread, max(1, length))
    // A last block of few tasks takes hardly less than a whole one: they join the block before.
    let over = length % size
    let last = over * 2 < size && over > 0 && length > size ? size + over : over
    var result = self
    result.block = size
    result.body = stackedBody(tasks: size)
    if last > 0 { result.remainder = Remainder(body: stackedBody(tasks: last), count: last) }
    return result
  }

  /// The body for several tasks at once: stacks in, stacks and sums out.
  private func stackedBody(tasks: Int) -> Program {
    let isSlice = body.inputs.indices.map { $0 >= constants }
    let types = zip(body.inputTypes, isSlice).map { $1 ? $0.prepending(tasks) : $0 }
    let (program, captures) = trace(types) { values in
      let (results, batched) = vmap(body, count: tasks, values, batched: isSlice)
      return outputs.indices.map { position in
        let stacked =
          batched[position] ? results[position] : results[position].repeated(tasks)
        return outputs[position] == .stacked ? stacked : stacked.sum(axes: [0])
      }
    }
    require(captures.isEmpty, "a loop body captures nothing")
    // Maps inside are cut once they are batched: a map that has been cut cannot be.
    return program.simplified().withBlockedMaps()
  }
}
