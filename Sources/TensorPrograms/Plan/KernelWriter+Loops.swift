// Kernels of loops.

extension KernelWriter {
  mutating func write(_ scan: Scan, _ position: Int) {
    guard case .scan(let ahead, let body)? = loops[position], let own = places.ofLoops[position]
    else { fatalError("a scan was not planned") }
    let (operands, results) = locations(of: program.equations[position])
    let sliceStart = scan.constants + scan.carries
    append(
      Kernel.scan,
      ScanLoop(
        body: body, ahead: ahead, length: scan.length, reversed: scan.reversed,
        constants: Array(operands.prefix(scan.constants)),
        starts: Array(operands[scan.constants..<sliceStart]), carries: own.carries,
        carryBytes: body.outputTypes.prefix(scan.carries).map(\.byteCount),
        slices: Array(operands[sliceStart...]),
        sliceBytes: body.inputTypes[sliceStart..<operands.count].map(\.byteCount),
        results: results, outputBytes: body.outputTypes.dropFirst(scan.carries).map(\.byteCount)))
  }

  mutating func write(_ sweep: CheckpointedReverse, _ position: Int) {
    guard case .checkpointedReverse(let advance, let adjoint)? = loops[position],
      let own = places.ofLoops[position]
    else { fatalError("a sweep was not planned") }
    let (operands, results) = locations(of: program.equations[position])
    let (rows, cotangents) = (
      sweep.constants + sweep.carries, sweep.adjointStart + sweep.adjoints
    )
    append(
      Kernel.checkpointedReverse,
      CheckpointedSweep(
        advance: advance, adjoint: adjoint, length: sweep.length, reversed: sweep.reversed,
        snapshots: sweep.usefulSnapshots, constants: Array(operands.prefix(sweep.constants)),
        starts: Array(operands[sweep.constants..<rows]), states: own.states,
        carries: own.carries, carryBytes: advance.outputTypes.map(\.byteCount), kept: own.kept,
        slices: Array(operands[rows..<sweep.adjointStart]),
        sliceBytes: adjoint.inputTypes[rows..<sweep.adjointStart].map(\.byteCount),
        adjointStarts: Array(operands[sweep.adjointStart..<cotangents]), adjoints: own.adjoints,
        adjointBytes: adjoint.outputTypes.prefix(sweep.adjoints).map(\.byteCount),
        cotangents: Array(operands[cotangents...]),
        cotangentBytes: adjoint.inputTypes[cotangents...].map(\.byteCount), results: results,
        outputBytes: adjoint.outputTypes.dropFirst(sweep.adjoints).map(\.byteCount)))
  }

  mutating func write(_ map: MapLoop, _ position: Int) {
    guard case .map(let body, let remainder)? = loops[position],
      let own = places.ofLoops[position]
    else { fatalError("a map was not planned") }
    let (operands, results) = locations(of: program.equations[position])
    append(
      Kernel.map,
      TaskLoop(
        body: body, remainder: remainder, remainderCount: map.remainder?.count ?? 0,
        length: map.length, block: map.tasksTogether,
        constants: Array(operands.prefix(map.constants)),
        slices: Array(operands.dropFirst(map.constants)),
        sliceBytes: body.inputTypes.dropFirst(map.constants).map {
          $0.byteCount / map.tasksTogether
        },
        outputs: map.outputs, types: body.outputTypes,
        resultBytes: map.resultBytes(body.outputTypes), results: results, partials: own.partials))
  }

  private func locations(of equation: Equation) -> (operands: [Location], results: [Location]) {
    (equation.inputs.map { places[$0] }, equation.outputs.map { places[$0] })
  }
}

extension CheckpointedReverse {
  /// States kept at a time, no more than there are.
  var usefulSnapshots: Int { min(snapshots, max(length, 1)) }
}

extension MapLoop {
  /// Tasks that the body runs. A map that has not been lowered runs task by task: the same bytes
  /// without the leading axis.
  var tasksTogether: Int { block ?? 1 }

  /// Bytes of one task's result where results are stacked, of a block's sum where they are summed.
  func resultBytes(_ types: [TensorType]) -> [Int] {
    zip(outputs, types).map { output, type in
      output == .stacked ? type.byteCount / tasksTogether : type.byteCount
    }
  }

  /// Bytes of the sums of all blocks but the first.
  func partialBytes(_ types: [TensorType]) -> [Int] {
    let last = remainder?.count ?? 0
    let blocks = (length - last) / tasksTogether + (last > 0 ? 1 : 0)
    return zip(outputs, resultBytes(types)).map { output, bytes in
      output == .summed ? bytes * max(0, blocks - 1) : 0
    }
  }
}
