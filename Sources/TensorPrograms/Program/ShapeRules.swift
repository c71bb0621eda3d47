extension Primitive {
  /// The types of the results for operands of the given types.
  ///
  /// Operands that do not fit are a mistake of the program being written: a precondition names the
  /// operation and both types.
  package func resultTypes(_ operands: [TensorType]) -> [TensorType] {
    func require(_ condition: Bool, _ what: @autoclosure () -> String) {
      TensorPrograms.require(condition, "\(name): \(what()), found \(operands)")
    }
    func requireCount(_ count: Int) { require(operands.count == count, "takes \(count) operands") }
    func requireFloat() {
      require(operands.allSatisfy { $0.scalar.isFloatingPoint }, "takes floating-point operands")
    }
    func requireEqual() {
      require(operands.allSatisfy { $0 == operands[0] }, "operands must have one type and shape")
    }
    func requireSquare() {
      let extents = operands[0].shape.extents.suffix(2)
      require(
        extents.count == 2 && extents.first == extents.last,
        "the last two axes must be those of a square matrix")
    }
    func requireCarried(_ carried: [Carried], by body: Program) {
      let (starts, results) = (body.inputTypes, body.outputTypes)
      for carry in carried {
        require(
          results[carry.output] == starts[carry.input],
          "carry \(carry.output) starts as \(starts[carry.input]) and becomes "
            + "\(results[carry.output])")
      }
    }
    switch self {
    case .constant(let constant, let type):
      requireCount(0)
      if case .array(let buffer) = constant {
        require(buffer.byteCount == type.byteCount, "the array has \(buffer.byteCount) bytes")
      }
      return [type]
    case .unary:
      requireCount(1)
      requireFloat()
      return [operands[0]]
    case .binary, .compare:
      requireCount(2)
      requireFloat()
      requireEqual()
      return [operands[0]]
    case .select:
      requireCount(3)
      requireFloat()
      requireEqual()
      return [operands[0]]
    case .convert(let scalar):
      requireCount(1)
      return [TensorType(operands[0].shape, scalar)]
    case .reshape(let shape):
      requireCount(1)
      require(shape.count == operands[0].shape.count, "cannot give shape \(shape)")
      return [operands[0].with(shape)]
    case .transpose(let order):
      requireCount(1)
      require(order.sorted() == Array(0..<operands[0].shape.rank), "\(order) is no order of axes")
      return [operands[0].with(Shape(order.map { operands[0].shape[$0] }))]
    case .broadcast(let shape, let axes):
      requireCount(1)
      let operand = operands[0].shape
      require(axes.count == operand.rank, "one axis of \(shape) for each of the operand's")
      require(zip(axes, axes.dropFirst()).allSatisfy(<), "axes must ascend, found \(axes)")
      for (axis, target) in axes.enumerated() {
        require(
          target < shape.rank && shape[target] == operand[axis], "does not fit \(shape) at \(axes)")
      }
      return [operands[0].with(shape)]
    case .slice(let starts, let limits):
      requireCount(1)
      let shape = operands[0].shape
      require(starts.count == shape.rank && limits.count == shape.rank, "one range for each axis")
      for axis in 0..<shape.rank {
        require(
          0 <= starts[axis] && starts[axis] <= limits[axis] && limits[axis] <= shape[axis],
          "range \(starts[axis])..<\(limits[axis]) of axis \(axis)")
      }
      return [operands[0].with(Shape(zip(starts, limits).map { $1 - $0 }))]
    case .pad(let low, let high):
      requireCount(1)
      let shape = operands[0].shape
      require(low.count == shape.rank && high.count == shape.rank, "one padding for each axis")
      require((low + high).allSatisfy { $0 >= 0 }, "padding cannot be negative")
      return [operands[0].with(Shape((0..<shape.rank).map { low[$0] + shape[$0] + high[$0] }))]
    case .concatenate(let axis):
      require(!operands.isEmpty, "takes at least one operand")
      let first = operands[0]
      require(axis < first.shape.rank, "no axis \(axis)")
      for operand in operands {
        require(
          operand.scalar == first.scalar
            && operand.shape.removing([axis]) == first.shape.removing([axis]),
          "operands must agree but for axis \(axis)")
      }
      var extents = first.shape.extents
      extents[axis] = operands.reduce(0) { $0 + $1.shape[axis] }
      return [first.with(Shape(extents))]
    case .gather(let batch):
      requireCount(2)
      let (rows, indices) = (operands[0].shape, operands[1].shape)
      require(operands[1].scalar == .int32, "indices must be int32")
      require(
        rows.rank > batch && indices.rank == batch + 1
          && rows.extents.prefix(batch) == indices.extents.prefix(batch),
        "indices must be [batch…, count] for \(batch) batch axes")
      return [operands[0].with(Shape(indices.extents + rows.extents.dropFirst(batch + 1)))]
    case .scatterAdd(let batch, let count):
      requireCount(2)
      let (rows, indices) = (operands[0].shape, operands[1].shape)
      require(operands[0].scalar.isFloatingPoint, "rows must be floating-point")
      require(operands[1].scalar == .int32, "indices must be int32")
      require(
        indices.rank == batch + 1 && rows.extents.prefix(batch + 1) == indices.extents[...],
        "indices must be [batch…, count] for \(batch) batch axes")
      return [
        operands[0].with(
          Shape(rows.extents.prefix(batch) + [count] + rows.extents.dropFirst(batch + 1)))
      ]
    case .patches(let windows):
      requireCount(1)
      requireFloat()
      let images = operands[0].shape
      require(images.rank == 4, "images must be [batch, height, width, channel]")
      let counts = windows.counts(height: images[1], width: images[2])
      require(counts != nil, "\(windows), are larger than the images")
      return [
        operands[0].with([
          images[0], counts!.rows, counts!.columns, windows.height * windows.width * images[3],
        ])
      ]
    case .foldPatches(let windows, let height, let width):
      requireCount(1)
      requireFloat()
      let patches = operands[0].shape
      let (size, counts) = (
        windows.height * windows.width, windows.counts(height: height, width: width)
      )
      require(
        patches.rank == 4 && counts.map { [$0.rows, $0.columns] } == Array(patches.extents[1...2])
          && patches[3] % size == 0,
        "not the contents of \(windows) over \(height)×\(width) pixels")
      return [operands[0].with([patches[0], height, width, patches[3] / size])]
    case .sum(let axes), .reduceMaximum(let axes):
      requireCount(1)
      requireFloat()
      let shape = operands[0].shape
      require(
        Set(axes).count == axes.count && axes.allSatisfy { 0 <= $0 && $0 < shape.rank },
        "no axes \(axes)")
      if case .reduceMaximum = self {
        require(axes.allSatisfy { shape[$0] > 0 }, "the maximum of nothing")
      }
      return [operands[0].with(shape.removing(axes))]
    case .product(let transposeLeft, let transposeRight):
      requireCount(2)
      requireFloat()
      let (left, right) = (operands[0].shape, operands[1].shape)
      require(
        left.rank >= 2 && left.rank == right.rank && operands[0].scalar == operands[1].scalar
          && left.extents.dropLast(2) == right.extents.dropLast(2),
        "operands must be matrices with equal leading axes")
      let rank = left.rank
      let (rows, inner) = (
        left[rank - (transposeLeft ? 1 : 2)], left[rank - (transposeLeft ? 2 : 1)]
      )
      let (depth, columns) = (
        right[rank - (transposeRight ? 1 : 2)], right[rank - (transposeRight ? 2 : 1)]
      )
      require(
        inner == depth,
        "inner extents \(inner) and \(depth) differ\(flags(transposeLeft, transposeRight))")
      return [operands[0].with(Shape(left.extents.dropLast(2) + [rows, columns]))]
    case .order(let count, _):
      requireCount(1)
      requireFloat()
      let shape = operands[0].shape
      require(shape.rank >= 1, "takes at least one axis")
      let extent = shape[shape.rank - 1]
      require(0 <= count && count <= extent, "cannot give \(count) places")
      return [TensorType(Shape(shape.extents.dropLast() + [count]), .int32)]
    case .cholesky:
      requireCount(1)
      requireFloat()
      requireSquare()
      return [operands[0]]
    case .triangularSolve:
      requireCount(2)
      requireFloat()
      requireSquare()
      let (matrix, right) = (operands[0].shape, operands[1].shape)
      require(
        right.rank == matrix.rank && operands[0].scalar == operands[1].scalar
          && right.extents.dropLast() == matrix.extents.dropLast(),
        "right sides must be matrices of as many rows, over equal leading axes")
      return [operands[1]]
    case .stopGradient:
      requireCount(1)
      return [operands[0]]
    case .scan(let scan):
      requireCount(scan.constants + scan.carries + scan.slices)
      let expected = scan.body.inputTypes
      for (position, operand) in operands.enumerated() {
        let isSlice = position >= scan.constants + scan.carries
        let wanted = isSlice ? expected[position].prepending(scan.length) : expected[position]
        require(operand == wanted, "operand \(position) of a step is \(wanted)")
      }
      requireCarried(scan.carried, by: scan.body)
      return scan.body.outputTypes.enumerated().map { position, type in
        position < scan.carries ? type : type.prepending(scan.length)
      }
    case .checkpointedReverse(let sweep):
      let expected = sweep.body.inputTypes
      requireCount(expected.count)
      let isSlice = expected.indices.map { position in
        position < sweep.adjointStart
          ? position >= sweep.constants + sweep.carries
          : position >= sweep.adjointStart + sweep.adjoints
      }
      for (position, operand) in operands.enumerated() {
        let wanted =
          isSlice[position] ? expected[position].prepending(sweep.length) : expected[position]
        require(operand == wanted, "operand \(position) of a step is \(wanted)")
      }
      requireCarried(sweep.carried, by: sweep.body)
      return sweep.body.outputTypes.dropFirst(sweep.carries).enumerated().map { position, type in
        position < sweep.adjoints ? type : type.prepending(sweep.length)
      }
    case .map(let map):
      requireCount(map.constants + map.slices)
      let expected = map.body.inputTypes
      for (position, operand) in operands.enumerated() {
        let type = expected[position]
        let wanted =
          position < map.constants
          ? type : (map.block == nil ? type : type.dropFirst).prepending(map.length)
        require(operand == wanted, "operand \(position) of a task is \(wanted)")
      }
      return zip(map.body.outputTypes, map.outputs).map { type, output in
        switch output {
        case .stacked: (map.block == nil ? type : type.dropFirst).prepending(map.length)
        case .summed: type
        }
      }
    }
  }

  private func flags(_ left: Bool, _ right: Bool) -> String {
    (left ? ", left transposed" : "") + (right ? ", right transposed" : "")
  }
}
