import TensorPrograms

/// Draws programs that a person would not write: loops in loops, carries that exchange places,
/// views of slices of inputs, empty axes, whole numbers beside real ones.
///
/// Values stay within a few units, so that results of two ways to run a program can be compared.
struct RandomProgram {
  private var stream: RandomStream
  /// How often an axis is empty.
  private let emptiness: Double

  init(seed: UInt64) {
    stream = RandomStream(seed: seed, purpose: "random programs")
    emptiness = seed % 7 == 0 ? 0.1 : seed % 3 == 0 ? 0 : 0.02
  }

  /// Types of some inputs, one of them perhaps of whole numbers below 3.
  mutating func inputTypes() -> [TensorType] {
    var types = (0..<1 + below(3)).map { _ in TensorType(shape(), .float64) }
    if chance(0.6) { types.append(TensorType([1 + below(5)], .int32)) }
    return types
  }

  /// Elements for a type.
  mutating func tensor(_ type: TensorType) -> Tensor {
    guard type.scalar.isFloatingPoint else {
      return Tensor((0..<type.shape.count).map { _ in Int32(below(3)) }, shape: type.shape)
    }
    return Tensor((0..<type.shape.count).map { _ in stream.uniform(-1, 1) }, type)
  }

  /// A program over inputs of the given types.
  mutating func program(_ types: [TensorType]) -> Program {
    let count = 2 + below(12)
    let depth = 1 + below(2)
    let (program, captures) = trace(types) { inputs in
      var pool = inputs
      grow(&pool, by: count, depth: depth)
      return (0..<1 + below(4)).map { _ in
        chance(0.5) ? pool[pool.count - 1 - below(min(4, pool.count))] : real(pool)
      }
    }
    precondition(captures.isEmpty)
    return program
  }

  // MARK: Drawing

  private mutating func below(_ bound: Int) -> Int { stream.integer(below: bound) }
  private mutating func chance(_ probability: Double) -> Bool { stream.uniform(0, 1) < probability }
  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
  private mutating func subset(_ count: Int) -> [Int] {
    (0..<count).filter { _ in chance(0.5) }
  }

  /// A tensor of real numbers, a recent one as often as not.
  private mutating func real(_ pool: [Tensor]) -> Tensor {
    let reals = pool.filter(\.scalarType.isFloatingPoint)
    return chance(0.5) ? reals[reals.count - 1 - below(min(3, reals.count))] : pick(reals)
  }

  private mutating func shape() -> Shape {
    while true {
      let shape = Shape(
        (0..<below(4)).map { _ in
          chance(emptiness) ? 0 : pick([1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 9, 16, 17])
        })
      if shape.count < 3000 { return shape }
    }
  }

  // MARK: Growing

  private mutating func grow(_ pool: inout [Tensor], by count: Int, depth: Int) {
    for _ in 0..<count {
      let grown = step(pool, depth)
      pool += grown.filter { $0.shape.count <= 8000 && $0.rank < 6 }
    }
  }

  private mutating func step(_ pool: [Tensor], _ depth: Int) -> [Tensor] {
    let x = real(pool)
    guard x.rank < 5, x.shape.count <= 4000 else { return [x.sum(axes: [below(x.rank)]).sin()] }
    switch below(depth > 0 ? 17 : 13) {
    case 0: return [unary(x)]
    case 1, 2, 3: return [binary(x, pool)]
    case 4: return selected(x, pool)
    case 5, 6: return rearranged(x)
    case 7: return sliced(x)
    case 8: return indexed(x, pool)
    case 9: return [x.sum(axes: subset(x.rank)).sin()]
    case 10: return [x.maximum(axes: subset(x.rank).filter { x.shape[$0] > 0 })]
    case 11: return multiplied(x, pool)
    case 12: return composed(x)
    case 13, 14, 15: return scanned(pool, depth)
    default: return mapped(pool, depth)
    }
  }

  /// What is composed of primitives, along one axis.
  private mutating func composed(_ x: Tensor) -> [Tensor] {
    guard x.rank > 0 else { return [x.erf()] }
    let axis = below(x.rank)
    let extent = x.shape[axis]
    switch below(8) {
    case 0 where extent > 0: return [x.softmax(axes: [axis])]
    case 1 where extent > 0: return [x.logSumExp(axes: [axis])]
    case 2: return [x.cumulativeSum(axis: axis, reversed: chance(0.5)).sin()]
    case 3: return [x.slice(axis: axis, by: pick([-2, -1, 2, 3]))]
    case 4: return [x.rolled(axis: axis, by: below(7) - 3)]
    case 5 where extent > 0:
      let places = Tensor((0..<1 + below(4)).map { _ in Int32(below(extent)) })
      return [x.gather(places, axis: axis)]
    case 6 where extent > 0: return x.split(axis: axis, [1, extent - 1])
    default: return [x.product(axes: [axis], keepingAxes: true).expm1().tanh()]
    }
  }

  private mutating func unary(_ x: Tensor) -> Tensor {
    switch below(13) {
    case 0: x.sin()
    case 1: x.cos()
    case 2: x.tanh().exp()
    case 3: x.sigmoid()
    case 4: (x.softplus() + 0.5).log()
    case 5: (x.softplus() + 0.5).squareRoot()
    case 6: x.absolute()
    case 7: x.relu()
    case 8: x.withoutGradient()
    case 9: x.erf()
    case 10: x.absolute().log1p()
    case 11: pick([x * 1, x + 0, x * -1, 0 - x, x * 0, -(-x)])
    default: (x.sigmoid() * 2.99).converted(to: .int32).converted(to: .float64)
    }
  }

  private mutating func binary(_ x: Tensor, _ pool: [Tensor]) -> Tensor {
    var y = real(pool)
    if (Shape.broadcast(x.shape, y.shape)?.count ?? .max) > 4000 || chance(0.3) {
      // Some axes summed and kept, so that the result stretches back.
      let axes = subset(x.rank)
      y = x.sum(axes: axes).sin().reshaped(
        to: Shape((0..<x.rank).map { axes.contains($0) ? 1 : x.shape[$0] }))
    }
    let (a, b) = chance(0.5) ? (x, y) : (y, x)
    return switch below(7) {
    case 0: a + b
    case 1: a - b
    case 2: a * b
    case 3: a / (b.softplus() + 0.5)
    case 4: Tensor.maximum(a, b)
    case 5: Tensor.minimum(a, b)
    default: (a.sigmoid() + 0.3).power(b.tanh())
    }
  }

  private mutating func selected(_ x: Tensor, _ pool: [Tensor]) -> [Tensor] {
    let (y, z) = (real(pool), real(pool))
    guard let shape = Shape.broadcast(x.shape, y.shape),
      let whole = Shape.broadcast(shape, z.shape), whole.count < 4000
    else { return [] }
    let mask = z .> stream.uniform(-0.5, 0.5)
    return [.select(mask, x, otherwise: y), mask]
  }

  private mutating func rearranged(_ x: Tensor) -> [Tensor] {
    switch below(5) {
    case 0:
      let extents = x.shape.extents.filter { $0 != 1 }
      return [x.reshaped(to: Shape(chance(0.5) ? extents : extents + [1]))]
    case 1: return [x.reshaped(to: [x.shape.count])]
    case 2:
      var order = Array(0..<x.rank)
      for axis in order.indices { order.swapAt(axis, below(order.count)) }
      return [x.transposed(order)]
    case 3:
      guard x.rank >= 2, x.shape.count < 500 else { return [] }
      // An image of whatever the further axes hold.
      let image: Shape = [1, x.shape[0], x.shape[1], x.shape.extents.dropFirst(2).reduce(1, *)]
      let windows = Windows(
        height: 1 + below(3), width: 1 + below(3), stride: 1 + below(2), verticalPadding: 2,
        horizontalPadding: 2)
      return [x.reshaped(to: image).patches(windows).sin()]
    default:
      guard x.shape.count < 1000 else { return [] }
      return [
        x.padded(low: x.shape.extents.map { _ in below(3) }, high: x.shape.extents.map { _ in 1 })
      ]
    }
  }

  private mutating func sliced(_ x: Tensor) -> [Tensor] {
    guard x.rank > 0 else { return [] }
    let axis = chance(0.7) ? 0 : below(x.rank)
    let extent = x.shape[axis]
    guard extent > 0 else { return [] }
    let start = below(extent)
    let end = chance(emptiness) ? start : start + 1 + below(extent - start)
    let slice = x.slice(axis: axis, start..<end)
    return [slice, .concatenate([slice, x, slice.sin()], axis: axis)]
  }

  /// Gathers and scatters, by indices that depend on nothing or on values.
  private mutating func indexed(_ x: Tensor, _ pool: [Tensor]) -> [Tensor] {
    guard x.rank > 0 else { return [] }
    if chance(0.5) {
      let indices = (x.sum(axes: Array(1..<x.rank)).sigmoid() * 2.99).converted(to: .int32)
      return [.apply(.scatterAdd(batch: 0, rows: 3 + below(3)), x, indices).sin(), indices]
    }
    let whole = pool.filter { $0.scalarType == .int32 && $0.shape.count * x.shape.count < 20_000 }
    guard x.shape[0] >= 3, !whole.isEmpty else { return [] }
    let indices = pick(whole)
    return [x.gather(indices.reshaped(to: [indices.shape.count]))]
  }

  private mutating func multiplied(_ x: Tensor, _ pool: [Tensor]) -> [Tensor] {
    guard x.rank >= 2 else {
      let row = x.reshaped(to: [1, x.shape.count])
      return [row.product(row, transposeRight: true).sin()]
    }
    let (left, right) = (chance(0.5), chance(0.5))
    let inner = x.shape[x.rank - (left ? 2 : 1)]
    let columns = 1 + below(20)
    let matrix = tensor(TensorType(right ? [columns, inner] : [inner, columns], .float64))
    let shift = (real(pool).sum() * 0.1).sin()
    // One matrix for all, or as many as there are on the left.
    let whole = (matrix + shift).broadcast(
      to: Shape(x.shape.extents.dropLast(2) + matrix.shape.extents), axes: [x.rank - 2, x.rank - 1])
    let operand = chance(0.3) ? whole.sin() : whole
    return [(x.product(operand, transposeLeft: left, transposeRight: right) * 0.3).sin()]
  }

  // MARK: Loops

  private mutating func slices(_ pool: [Tensor], _ length: Int) -> [Tensor] {
    (0..<below(3)).compactMap { _ in
      let x = chance(0.2) ? pick(pool) : real(pool)
      if x.rank > 0, x.shape[0] >= length { return x.slice(x.shape[0] - length..<x.shape[0]) }
      return x.shape.count * length > 3000 || x.rank > 3 ? nil : x.repeated(length)
    }
  }

  private mutating func scanned(_ pool: [Tensor], _ depth: Int) -> [Tensor] {
    let length = pick([0, 1, 1, 2, 3, 4, 5])
    let carries = (0..<below(5)).map { _ in chance(0.25) ? pick(pool) : real(pool) }
    let policy = pick([MemoryPolicy.storeAll, .everyStep, .binomial(snapshots: 2)])
    let slices = slices(pool, length)
    let (isReversed, outputs) = (chance(0.4), below(4))
    let results = Tensor.scan(
      carries, slices: slices, length: length, reversed: isReversed, policy: policy
    ) { state, rows in
      var inner = [(real(pool).sum() * 0.1).sin()] + rows + state + [pick(pool)]
      grow(&inner, by: 1 + below(7), depth: depth - 1)
      let next = state.enumerated().map { position, carry -> Tensor in
        let alike = (state + rows).filter { $0.type == carry.type }
        guard carry.scalarType.isFloatingPoint else { return pick(alike) }
        // Kept, exchanged with another, replaced, or changed where it lies.
        switch below(4) {
        case 0: return carry
        case 1: return pick(alike)
        case 2: return (carry * 0.7 + (real(inner).sum() * 0.1).sin()).tanh()
        default:
          let other = inner.last { $0.type == carry.type } ?? carry
          return carry * 0.5 + other * 0.1
        }
      }
      return (next, (0..<max(outputs, state.isEmpty ? 1 : 0)).map { _ in pick(inner + next) })
    }
    return results.carries + results.outputs.filter { $0.shape.count < 6000 }
  }

  private mutating func mapped(_ pool: [Tensor], _ depth: Int) -> [Tensor] {
    let length = pick([1, 2, 3, 5, 9, 17, 20])
    let slices = slices(pool, length)
    let kinds = (0..<1 + below(3)).map { _ in chance(0.5) ? MapOutput.stacked : .summed }
    let results = Tensor.map(slices: slices, length: length, outputs: kinds) { rows in
      var inner = [(real(pool).sum() * 0.1).sin(), pick(pool)] + rows
      grow(&inner, by: 1 + below(6), depth: depth - 1)
      return kinds.map { $0 == .summed ? real(inner) * 0.2 : pick(inner) }
    }
    return results.filter { $0.shape.count < 6000 }
  }
}

extension Program {
  /// About how many numbers the slow interpreter computes.
  var interpretedCost: Int {
    equations.reduce(0) { sum, equation in
      switch equation.primitive {
      case .scan(let scan): sum + scan.length * scan.body.interpretedCost
      case .map(let map): sum + map.length * map.body.interpretedCost
      case .product: sum + 20 * types[equation.outputs[0]].shape.count
      default: sum + equation.outputs.reduce(1) { $0 + types[$1].shape.count }
      }
    }
  }
}
