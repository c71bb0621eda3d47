// One kernel, or a few, for each equation that is not part of a cluster.

import CKernels

extension Planner {
  /// Appends the kernels of an equation that has some of its own.
  mutating func emitSingle(_ equation: Equation) {
    if equation.outputs.isEmpty { return }
    let types = equation.inputs.map { program.types[$0] }
    let type = program.types[equation.outputs[0]]
    func strided(
      _ operand: Location, _ shape: [Int], _ from: [Int], _ result: Location, _ to: [Int]
    ) -> Kernel {
      TensorPrograms.require(
        shape.lazy.filter { $0 > 1 }.count <= Int(MR_MAX_RANK),
        "\(equation.primitive.name): at most \(MR_MAX_RANK) axes longer than one can be moved, found "
          + "\(types) to \(type)")
      return .copy(
        StridedCopy(
          elementBytes: type.scalar.byteCount, shape: shape, operandStrides: from,
          resultStrides: to, operand: operand, result: result))
    }
    func shifted(_ location: Location, _ elements: Int) -> Location {
      Location(base: location.base, offset: location.offset + elements * type.scalar.byteCount)
    }
    switch equation.primitive {
    case .constant, .unary, .binary, .compare, .select, .reshape, .stopGradient:
      fatalError("\(equation.primitive.name) has no kernel of its own")
    case .convert(let scalar):
      kernels.append(
        .convert(
          Conversion(
            from: types[0].scalar, to: scalar, count: type.shape.count,
            operand: location(equation.inputs[0]), result: place(equation.outputs[0]))))
    case .broadcast(let shape, let axes):
      let result = place(equation.outputs[0])
      if let value = constants.splat(
        at: locations[roots[equation.inputs[0]].variable]!, constantBase)
      {
        kernels.append(
          .fill(Fill(scalar: type.scalar, value: value, count: shape.count, result: result)))
      } else {
        var strides = [Int](repeating: 0, count: shape.rank)
        for (axis, stride) in zip(axes, types[0].shape.strides) { strides[axis] = stride }
        kernels.append(
          strided(location(equation.inputs[0]), shape.extents, strides, result, shape.strides))
      }
    case .transpose(let order):
      let strides = types[0].shape.strides
      kernels.append(
        strided(
          location(equation.inputs[0]), type.shape.extents, order.map { strides[$0] },
          place(equation.outputs[0]), type.shape.strides))
    case .slice(let starts, _):
      let strides = types[0].shape.strides
      let start = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
      kernels.append(
        strided(
          shifted(location(equation.inputs[0]), start), type.shape.extents, strides,
          place(equation.outputs[0]), type.shape.strides))
    case .pad(let low, _):
      let result = place(equation.outputs[0])
      let strides = type.shape.strides
      let start = zip(low, strides).reduce(0) { $0 + $1.0 * $1.1 }
      kernels.append(
        .fill(Fill(scalar: type.scalar, value: 0, count: type.shape.count, result: result)))
      kernels.append(
        strided(
          location(equation.inputs[0]), types[0].shape.extents, types[0].shape.strides,
          shifted(result, start), strides))
    case .concatenate(let axis):
      let result = place(equation.outputs[0])
      let strides = type.shape.strides
      var start = 0
      for (input, operand) in zip(equation.inputs, types) {
        kernels.append(
          strided(
            location(input), operand.shape.extents, operand.shape.strides,
            shifted(result, start * strides[axis]), strides))
        start += operand.shape[axis]
      }
    case .gather(let batch):
      kernels.append(
        .gather(
          RowMove(
            scalar: type.scalar, batch: types[0].shape.extents.prefix(batch).reduce(1, *),
            tableRows: types[0].shape[batch], count: types[1].shape[batch],
            rowElements: types[0].shape.extents.dropFirst(batch + 1).reduce(1, *),
            rows: location(equation.inputs[0]), indices: location(equation.inputs[1]),
            result: place(equation.outputs[0]))))
    case .scatterAdd(let batch, let rows):
      kernels.append(
        .scatterAdd(
          RowMove(
            scalar: type.scalar, batch: types[0].shape.extents.prefix(batch).reduce(1, *),
            tableRows: rows, count: types[1].shape[batch],
            rowElements: types[0].shape.extents.dropFirst(batch + 1).reduce(1, *),
            rows: location(equation.inputs[0]), indices: location(equation.inputs[1]),
            result: place(equation.outputs[0]))))
    case .patches(let windows): emitWindows(windows, equation, folds: false)
    case .foldPatches(let windows, _, _): emitWindows(windows, equation, folds: true)
    case .sum(let axes): emitReduction(equation, axes, .sum)
    case .reduceMaximum(let axes): emitReduction(equation, axes, .maximum)
    case .product(let left, let right): emitProduct(equation, left, right)
    case .scan(let scan): emitScan(scan, equation)
    case .checkpointedReverse(let sweep): emitSweep(sweep, equation)
    case .map(let map): emitMap(map, equation)
    }
  }

  private mutating func emitWindows(_ windows: Windows, _ equation: Equation, folds: Bool) {
    let type = program.types[equation.outputs[0]]
    let (operand, result) = (program.types[equation.inputs[0]].shape, type.shape)
    let (images, patches) = folds ? (result, operand) : (operand, result)
    kernels.append(
      .windows(
        WindowMove(
          folds: folds, scalar: type.scalar, layout: layout(windows, images, patches),
          operand: location(equation.inputs[0]), result: place(equation.outputs[0]))))
  }

  private func layout(
    _ windows: Windows, _ images: Shape, _ patches: Shape, parts: Int = 1
  ) -> mr_windows {
    mr_windows(
      images: Int64(images[0] / parts), height: Int64(images[1]), width: Int64(images[2]),
      channels: Int64(images[3]), window_height: Int64(windows.height),
      window_width: Int64(windows.width), stride: Int64(windows.stride),
      top: Int64(windows.verticalPadding), left: Int64(windows.horizontalPadding),
      rows: Int64(patches[1]), columns: Int64(patches[2]))
  }

  /// A product and what its kernel does with its result.
  mutating func emitFused(_ product: Equation, _ readers: [Equation], _ step: Int) {
    switch (readers[0].primitive, product.primitive) {
    case (.foldPatches, _): emitFold(product, readers[0])
    case (_, .product(let left, let right)):
      emitProduct(product, left, right, readBy: readers, step)
    default: fatalError("\(readers[0].primitive.name) absorbs no product")
    }
  }

  /// The images that a product's result is folded to.
  private mutating func emitFold(_ product: Equation, _ fold: Equation) {
    guard case .foldPatches(let windows, _, _) = fold.primitive,
      case .product(_, let right) = product.primitive
    else { fatalError("\(fold.primitive.name) folds no product") }
    let images = program.types[fold.outputs[0]]
    let left = program.types[product.inputs[0]].shape
    let batch = left.extents.dropLast(2).reduce(1, *)
    kernels.append(
      .windowProduct(
        WindowProduct(
          kind: .fold, scalar: images.scalar,
          description: mr_window_products(
            windows: layout(
              windows, images.shape, program.types[fold.inputs[0]].shape, parts: batch),
            columns: Int64(left.extents.last!), right_transposed: right ? 1 : 0),
          batch: batch, sharesRight: batchStride(product.inputs[1]) == 0,
          first: location(product.inputs[0]), right: location(product.inputs[1]),
          result: place(fold.outputs[0]))))
  }

  /// A product with contents that it cuts out itself; false where its left operand is something
  /// else.
  private mutating func emitContents(_ equation: Equation, _ left: Bool, _ right: Bool) -> Bool {
    let reshape = definition[equation.inputs[0]]
    guard reshape >= 0, case .reshape = program.equations[reshape].primitive else { return false }
    let patches = program.equations[reshape].inputs[0]
    guard definition[patches] >= 0, case .contents = schedule.kinds[definition[patches]],
      case .patches(let windows) = program.equations[definition[patches]].primitive
    else { return false }
    let result = program.types[equation.outputs[0]]
    let images = program.types[program.equations[definition[patches]].inputs[0]].shape
    let batch = result.shape.extents.dropLast(2).reduce(1, *)
    kernels.append(
      .windowProduct(
        WindowProduct(
          kind: left ? .gradient : .product, scalar: result.scalar,
          description: mr_window_products(
            windows: layout(windows, images, program.types[patches].shape, parts: batch),
            columns: Int64(result.shape.extents.last!), right_transposed: right ? 1 : 0),
          batch: batch, sharesRight: batchStride(equation.inputs[1]) == 0,
          first: location(equation.inputs[0]), right: location(equation.inputs[1]),
          result: place(equation.outputs[0]))))
    return true
  }

  private mutating func emitReduction(
    _ equation: Equation, _ axes: [Int], _ kind: Reduction.Kind
  ) {
    let shape = program.types[equation.inputs[0]].shape
    let (first, last) = (axes.min()!, axes.max()!)
    kernels.append(
      .reduction(
        Reduction(
          kind: kind, scalar: program.types[equation.outputs[0]].scalar,
          outer: shape.extents[..<first].reduce(1, *),
          reduced: shape.extents[first...last].reduce(1, *),
          inner: shape.extents[(last + 1)...].reduce(1, *),
          operand: location(equation.inputs[0]), result: place(equation.outputs[0]))))
  }

  /// - Parameters:
  ///   - readers: what the kernel does with the product: a sum, a relu or gate, or one after the other.
  ///   - step: that of all of them.
  private mutating func emitProduct(
    _ equation: Equation, _ transposeLeft: Bool, _ transposeRight: Bool,
    readBy readers: [Equation] = [], _ step: Int = 0
  ) {
    if readers.isEmpty, emitContents(equation, transposeLeft, transposeRight) { return }
    let result = (readers.last ?? equation).outputs[0]
    var (addend, gate): (Int?, Int?)
    var isRelu = false
    for reader in readers {
      switch reader.primitive {
      case .binary(.add):
        addend = reader.inputs.first { roots[$0].variable != equation.outputs[0] }
      case .unary(.relu): isRelu = true
      case .binary(.gate): gate = reader.inputs[0]
      default: fatalError("a product's kernel does no \(reader.primitive.name)")
      }
    }
    // An element's addend and gate are read before the element is written; a row that is added to
    // many is read again.
    let readAgain = equation.inputs + [addend].compactMap { $0 }.filter { isView($0) }
    for operand in [addend, gate].compactMap({ $0 })
    where !isView(operand) && canTakeOver(operand, result, step)
      && !readAgain.contains(where: { roots[$0].variable == roots[operand].variable })
    {
      takeOver(operand, result)
    }
    let type = program.types[equation.outputs[0]]
    let left = program.types[equation.inputs[0]].shape
    let rank = left.rank
    var product = MatrixProduct(
      scalar: type.scalar, rows: type.shape[rank - 2], columns: type.shape[rank - 1],
      inner: left[rank - (transposeLeft ? 2 : 1)], transposeLeft: transposeLeft,
      transposeRight: transposeRight, batch: left.extents.dropLast(2).reduce(1, *),
      leftStride: batchStride(equation.inputs[0]), rightStride: batchStride(equation.inputs[1]),
      left: location(equation.inputs[0]), right: location(equation.inputs[1]),
      addend: addend.map {
        self.addend($0, rows: type.shape[rank - 2], columns: type.shape[rank - 1])
      },
      finish: isRelu ? .relu : gate.map { .gate(location($0)) }, result: place(result))
    if !transposeLeft, product.rightStride == 0,
      product.leftStride == product.rows * product.inner,
      product.addend.map({ $0.row > 0 || $0.stride == 0 }) ?? true
    {
      // One right operand for all: the left ones are one tall matrix.
      product.rows *= product.batch
      product.batch = 1
    }
    kernels.append(.product(product))
  }

  /// How a product finds what it starts from: whole matrices or, of a view, a row for all or for each.
  private func addend(_ variable: Int, rows: Int, columns: Int) -> MatrixProduct.Addend {
    guard isView(variable) else {
      return MatrixProduct.Addend(
        location: location(variable), stride: rows * columns, row: columns)
    }
    let source = program.types[program.equations[definition[variable]].inputs[0]].shape
    return MatrixProduct.Addend(
      location: location(variable), stride: source.count == columns ? 0 : columns, row: 0)
  }

  private func isView(_ variable: Int) -> Bool {
    guard definition[variable] >= 0, case .view = schedule.kinds[definition[variable]] else {
      return false
    }
    return true
  }

  /// Elements from one matrix of a batch to the next; 0 where one is repeated.
  private func batchStride(_ variable: Int) -> Int {
    if isView(variable) { return 0 }
    return program.types[variable].shape.extents.suffix(2).reduce(1, *)
  }

  /// A loop's step, with what of it can run ahead where that may be worth another worker's while: not
  /// where workers can share kernels so long that nothing is better.
  private func step(of scan: Scan) -> (ahead: Plan?, body: Plan) {
    let carries = (0..<scan.carries).map { (output: $0, input: scan.constants + $0) }
    if !isTask, let step = StepAhead(scan) {
      let (ahead, rest) = (
        Plan.make(step.ahead), Plan.make(step.rest, carries: carries, stacks: true)
      )
      if !ahead.isSharingCertain, !rest.isSharingCertain { return (ahead, rest) }
    }
    return (nil, Plan.make(scan.body, carries: carries, stacks: true, isTask: isTask))
  }

  private mutating func emitScan(_ scan: Scan, _ equation: Equation) {
    let (ahead, body) = step(of: scan)
    let operands = equation.inputs.map { location($0) }
    let sliceStart = scan.constants + scan.carries
    let results = equation.outputs.map { place($0) }
    var temporaries: [(Location, Int)] = []
    let carries = passing(scan.carries, of: body, &temporaries)
    kernels.append(
      .scan(
        ScanLoop(
          body: body, ahead: ahead, length: scan.length, reversed: scan.reversed,
          constants: Array(operands.prefix(scan.constants)),
          starts: Array(operands[scan.constants..<sliceStart]), carries: carries,
          carryBytes: body.outputTypes.prefix(scan.carries).map(\.byteCount),
          slices: Array(operands[sliceStart...]),
          sliceBytes: body.inputTypes[sliceStart..<operands.count].map(\.byteCount),
          results: results,
          outputBytes: body.outputTypes.dropFirst(scan.carries).map(\.byteCount))))
    for (location, bytes) in temporaries { arena.release(location.offset, bytes) }
  }

  /// How the first outputs of a loop's body pass from step to step.
  private mutating func passing(
    _ count: Int, of body: Plan, _ temporaries: inout [(Location, Int)]
  ) -> [ScanLoop.Carry] {
    (0..<count).map { carry in
      switch body.passing[carry] {
      case .inPlace: return .inPlace
      case .throughRowBefore(let output): return .throughRowBefore(output: output)
      case .throughRowAfter(let output): return .throughRowAfter(output: output)
      case .elsewhere: break
      }
      let bytes = body.outputTypes[carry].byteCount
      temporaries.append((temporary(bytes), bytes))
      return .alternating(temporaries[temporaries.count - 1].0)
    }
  }

  private mutating func emitSweep(_ sweep: CheckpointedReverse, _ equation: Equation) {
    let advance = Plan.make(
      sweep.advance,
      carries: (0..<sweep.carries).map { (output: $0, input: sweep.constants + $0) },
      isTask: isTask)
    // The pullback only reads the state: the loop goes on from it.
    let adjoint = Plan.make(
      sweep.adjoint,
      carries: (0..<sweep.adjoints).map { (output: $0, input: sweep.adjointStart + $0) },
      isTask: isTask)
    let operands = equation.inputs.map { location($0) }
    let results = equation.outputs.map { place($0) }
    var temporaries: [(Location, Int)] = []
    let carryBytes = advance.outputTypes.map(\.byteCount)
    func reserved(_ bytes: Int) -> Location {
      temporaries.append((temporary(bytes), bytes))
      return temporaries[temporaries.count - 1].0
    }
    let states = carryBytes.map { reserved($0) }
    let carries = passing(sweep.carries, of: advance, &temporaries)
    let snapshots = min(sweep.snapshots, max(sweep.length, 1))
    let kept = carryBytes.map { reserved($0 * (snapshots - 1)) }
    let adjoints = passing(sweep.adjoints, of: adjoint, &temporaries)
    let (rows, cotangents) = (
      sweep.constants + sweep.carries, sweep.adjointStart + sweep.adjoints
    )
    kernels.append(
      .checkpointedReverse(
        CheckpointedSweep(
          advance: advance, adjoint: adjoint, length: sweep.length, reversed: sweep.reversed,
          snapshots: snapshots, constants: Array(operands.prefix(sweep.constants)),
          starts: Array(operands[sweep.constants..<rows]), states: states, carries: carries,
          carryBytes: carryBytes, kept: kept, slices: Array(operands[rows..<sweep.adjointStart]),
          sliceBytes: adjoint.inputTypes[rows..<sweep.adjointStart].map(\.byteCount),
          adjointStarts: Array(operands[sweep.adjointStart..<cotangents]), adjoints: adjoints,
          adjointBytes: adjoint.outputTypes.prefix(sweep.adjoints).map(\.byteCount),
          cotangents: Array(operands[cotangents...]),
          cotangentBytes: adjoint.inputTypes[cotangents...].map(\.byteCount), results: results,
          outputBytes: adjoint.outputTypes.dropFirst(sweep.adjoints).map(\.byteCount))))
    for (location, bytes) in temporaries { arena.release(location.offset, bytes) }
  }

  private mutating func emitMap(_ map: MapLoop, _ equation: Equation) {
    // A map that has not been lowered runs task by task: the same bytes without the leading axis.
    let block = map.block ?? 1
    let body = Plan.make(map.body, isTask: true)
    let operands = equation.inputs.map { location($0) }
    let results = equation.outputs.map { place($0) }
    let bytes = zip(map.outputs, body.outputTypes).map { output, type in
      output == .stacked ? type.byteCount / block : type.byteCount
    }
    let remainder = map.remainder?.count ?? 0
    let count = (map.length - remainder) / block + (remainder > 0 ? 1 : 0)
    let partialBytes = zip(map.outputs, bytes).map { output, bytes in
      output == .summed ? bytes * max(0, count - 1) : 0
    }
    let partials = partialBytes.map { temporary($0) }
    kernels.append(
      .map(
        TaskLoop(
          body: body, remainder: map.remainder.map { Plan.make($0.body, isTask: true) },
          remainderCount: remainder, length: map.length, block: block,
          constants: Array(operands.prefix(map.constants)),
          slices: Array(operands.dropFirst(map.constants)),
          sliceBytes: body.inputTypes.dropFirst(map.constants).map { $0.byteCount / block },
          outputs: map.outputs, types: body.outputTypes, resultBytes: bytes, results: results,
          partials: partials)))
    for (location, bytes) in zip(partials, partialBytes) { arena.release(location.offset, bytes) }
  }
}
