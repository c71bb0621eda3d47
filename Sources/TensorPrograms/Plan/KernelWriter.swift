import CKernels

/// Writes the kernels of a schedule, over values whose places are known.
struct KernelWriter {
  let places: Places
  /// The plans of the loops, by the equation's position.
  let loops: [Int: LoopPlan]
  let memory = KernelMemory()
  private(set) var kernels: [Kernel] = []

  var program: Program { schedule.program }
  var schedule: Schedule { places.schedule }

  init(_ places: Places, loops: [Int: LoopPlan]) {
    self.places = places
    self.loops = loops
    for (step, group) in schedule.groups.enumerated() {
      switch group {
      case .cluster(let positions): write(places.cluster(positions, step))
      case .single(let position): write(single: position)
      case .fused(let position, let readers):
        write(FusedProduct(position, readers, schedule, places.lifetimes))
      }
    }
    for output in places.copiedOutputs { writeCopy(ofOutput: output) }
  }

  /// Appends a kernel.
  mutating func append<Value>(_ kernel: (Kept<Value>) -> Kernel, _ value: Value) {
    kernels.append(kernel(memory.keep(value)))
  }

  private mutating func write(_ cluster: ClusterBuilder) {
    let type = program.types[cluster.space]
    append(
      Kernel.cluster,
      memory.cluster(
        scalar: type.scalar, shape: type.shape.rank == 0 ? [1] : type.shape.extents,
        accesses: cluster.inputs.map { schedule.access(to: $0, over: type.shape) },
        inputs: cluster.inputs.map { places[$0] }, code: cluster.code(),
        row: cluster.reductions.first?.reducedRow(program.types) ?? 1,
        outputs: (cluster.results + cluster.reductions.map { $0.outputs[0] }).map { places[$0] }))
  }

  /// The kernels of an equation that has some of its own.
  private mutating func write(single position: Int) {
    let equation = program.equations[position]
    if equation.outputs.isEmpty { return }
    let types = equation.inputs.map { program.types[$0] }
    let type = program.types[equation.outputs[0]]
    let result = places[equation.outputs[0]]
    func operand(_ position: Int) -> Location { places[equation.inputs[position]] }
    switch equation.primitive {
    case .constant, .unary, .binary, .compare, .select, .reshape, .stopGradient:
      fatalError("\(equation.primitive.name) has no kernel of its own")
    case .convert(let scalar):
      append(
        Kernel.convert,
        Conversion(
          from: types[0].scalar, to: scalar, count: type.shape.count, operand: operand(0),
          result: result))
    case .broadcast(let shape, let axes):
      if let value = places.splat(equation.inputs[0]) {
        writeFill(type, value, result)
      } else {
        var strides = [Int](repeating: 0, count: shape.rank)
        for (axis, stride) in zip(axes, types[0].shape.strides) { strides[axis] = stride }
        writeCopy(equation, shape, from: operand(0), strides, to: result, shape.strides)
      }
    case .transpose(let order):
      let strides = types[0].shape.strides
      writeCopy(
        equation, type.shape, from: operand(0), order.map { strides[$0] }, to: result,
        type.shape.strides)
    case .slice(let starts, _):
      let strides = types[0].shape.strides
      writeCopy(
        equation, type.shape, from: operand(0).moved(by: starts, strides, type.scalar), strides,
        to: result, type.shape.strides)
    case .pad(let low, _):
      let strides = type.shape.strides
      writeFill(type, 0, result)
      writeCopy(
        equation, types[0].shape, from: operand(0), types[0].shape.strides,
        to: result.moved(by: low, strides, type.scalar), strides)
    case .concatenate(let axis):
      let strides = type.shape.strides
      var start = 0
      for (input, operand) in zip(equation.inputs, types) {
        writeCopy(
          equation, operand.shape, from: places[input], operand.shape.strides,
          to: result.moved(by: [start], [strides[axis]], type.scalar), strides)
        start += operand.shape[axis]
      }
    case .gather(let batch):
      writeRows(equation, batch: batch, rows: types[0].shape[batch], Kernel.gather)
    case .scatterAdd(let batch, let rows):
      writeRows(equation, batch: batch, rows: rows, Kernel.scatterAdd)
    case .patches(let windows): writeWindows(windows, equation, folds: false)
    case .foldPatches(let windows, _, _): writeWindows(windows, equation, folds: true)
    case .sum(let axes): writeReduction(equation, axes, .sum)
    case .reduceMaximum(let axes): writeReduction(equation, axes, .maximum)
    case .product: write(FusedProduct(position, [], schedule, places.lifetimes))
    case .order(let count, let descending):
      let extent = types[0].shape[types[0].shape.rank - 1]
      append(
        Kernel.order,
        Ordering(
          scalar: types[0].scalar, rows: types[0].shape.extents.dropLast().reduce(1, *),
          extent: extent, count: count, descending: descending, operand: operand(0),
          result: result))
    case .cholesky:
      append(
        Kernel.cholesky,
        Factorization(
          scalar: type.scalar, batch: type.shape.extents.dropLast(2).reduce(1, *),
          extent: type.shape[type.shape.rank - 1], operand: operand(0), result: result))
    case .triangularSolve(let lower, let transposed):
      append(
        Kernel.triangularSolve,
        TriangularSolve(
          scalar: type.scalar, batch: type.shape.extents.dropLast(2).reduce(1, *),
          extent: type.shape[type.shape.rank - 2], columns: type.shape[type.shape.rank - 1],
          lower: lower, transposed: transposed, matrix: operand(0), right: operand(1),
          result: result))
    case .scan(let scan): write(scan, position)
    case .checkpointedReverse(let sweep): write(sweep, position)
    case .map(let map): write(map, position)
    }
  }

  private mutating func writeCopy(ofOutput position: Int) {
    let variable = program.outputs[position]
    let type = program.types[variable]
    append(
      Kernel.copy,
      StridedCopy(
        elementBytes: type.scalar.byteCount, shape: [type.shape.count], operandStrides: [1],
        resultStrides: [1], operand: places[variable],
        result: Location(base: places.outputBase(position), offset: 0)))
  }

  private mutating func writeCopy(
    _ equation: Equation, _ shape: Shape, from operand: Location, _ operandStrides: [Int],
    to result: Location, _ resultStrides: [Int]
  ) {
    let type = program.types[equation.outputs[0]]
    require(
      shape.extents.lazy.filter { $0 > 1 }.count <= Limits.axes,
      "\(equation.primitive.name): at most \(Limits.axes) axes longer than one can be moved, found "
        + "\(equation.inputs.map { program.types[$0] }) to \(type)")
    append(
      Kernel.copy,
      StridedCopy(
        elementBytes: type.scalar.byteCount, shape: shape.extents, operandStrides: operandStrides,
        resultStrides: resultStrides, operand: operand, result: result))
  }

  private mutating func writeFill(_ type: TensorType, _ value: Double, _ result: Location) {
    append(
      Kernel.fill, Fill(scalar: type.scalar, value: value, count: type.shape.count, result: result))
  }

  private mutating func writeRows(
    _ equation: Equation, batch: Int, rows: Int, _ kernel: (Kept<RowMove>) -> Kernel
  ) {
    let (table, indices) = (
      program.types[equation.inputs[0]].shape, program.types[equation.inputs[1]].shape
    )
    append(
      kernel,
      RowMove(
        scalar: program.types[equation.outputs[0]].scalar,
        batch: table.extents.prefix(batch).reduce(1, *), tableRows: rows, count: indices[batch],
        rowElements: table.extents.dropFirst(batch + 1).reduce(1, *),
        rows: places[equation.inputs[0]], indices: places[equation.inputs[1]],
        result: places[equation.outputs[0]]))
  }

  private mutating func writeReduction(
    _ equation: Equation, _ axes: [Int], _ kind: Reduction.Kind
  ) {
    let shape = program.types[equation.inputs[0]].shape
    let (first, last) = (axes.min()!, axes.max()!)
    append(
      Kernel.reduction,
      Reduction(
        kind: kind, scalar: program.types[equation.outputs[0]].scalar,
        outer: shape.extents[..<first].reduce(1, *),
        reduced: shape.extents[first...last].reduce(1, *),
        inner: shape.extents[(last + 1)...].reduce(1, *), operand: places[equation.inputs[0]],
        result: places[equation.outputs[0]]))
  }
}

extension Location {
  /// So many elements along axes of the given strides further on.
  fileprivate func moved(by steps: [Int], _ strides: [Int], _ scalar: ScalarType) -> Location {
    Location(
      base: base,
      offset: offset + zip(steps, strides).reduce(0) { $0 + $1.0 * $1.1 } * scalar.byteCount)
  }
}
