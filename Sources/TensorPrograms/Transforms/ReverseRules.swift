/// The reverse rule of every primitive, one row each.
package func reverseRule(
  _ primitive: Primitive, _ x: [Tensor], active: [Bool]
) -> Pullback {
  switch primitive.loop {
  case .scan(let scan): return reverseRule(scan, x, active: active)
  case .checkpointedReverse(let sweep): return reverseRule(sweep, x, active: active)
  case .map(let map): return reverseRule(map, x, active: active)
  case nil:
    let y = Tensor.apply(primitive, x)[0]
    return Pullback(outputs: [y]) { cotangents in
      guard let g = cotangents[0] else { return x.map { _ in nil } }
      return pull(primitive, x, y, g, active)
    }
  }
}

private func pull(
  _ primitive: Primitive, _ x: [Tensor], _ y: Tensor, _ g: Tensor, _ active: [Bool]
) -> [Tensor?] {
  switch primitive {
  case .constant, .compare, .stopGradient: return x.map { _ in nil }
  case .scan, .checkpointedReverse, .map: fatalError("loops have rules of their own")
  case .unary(let operation): return [chained(operation, x[0], y, g)]
  case .binary(.gate): return [nil, active[1] ? g.gated(by: x[0]) : nil]
  case .binary(let operation): return pull(operation, x[0], x[1], y, g, active)
  case .select:
    let zero = Tensor.zeros(g.type)
    return [
      nil, active[1] ? .select(x[0], g, otherwise: zero) : nil,
      active[2] ? .select(x[0], zero, otherwise: g) : nil,
    ]
  case .convert: return [g.converted(to: x[0].scalarType)]
  case .reshape: return [g.reshaped(to: x[0].shape)]
  case .transpose(let order):
    var inverse = order
    for (position, axis) in order.enumerated() { inverse[axis] = position }
    return [g.transposed(inverse)]
  case .broadcast(let shape, let axes):
    return [g.sum(axes: (0..<shape.rank).filter { !axes.contains($0) })]
  case .slice(let starts, let limits):
    return [g.padded(low: starts, high: zip(limits, x[0].shape.extents).map { $1 - $0 })]
  case .pad(let low, _):
    let limits = zip(low, x[0].shape.extents).map { $0 + $1 }
    return [.apply(.slice(starts: low, limits: limits), g)]
  case .concatenate(let axis):
    var start = 0
    return x.map { operand in
      defer { start += operand.shape[axis] }
      return g.slice(axis: axis, start..<start + operand.shape[axis])
    }
  case .gather(let batch):
    return [.apply(.scatterAdd(batch: batch, rows: x[0].shape[batch]), g, x[1]), nil]
  case .scatterAdd(let batch, _): return [.apply(.gather(batch: batch), g, x[1]), nil]
  case .patches(let windows):
    return [.apply(.foldPatches(windows, height: x[0].shape[1], width: x[0].shape[2]), g)]
  case .foldPatches(let windows, _, _): return [.apply(.patches(windows), g)]
  case .sum(let axes): return [g.expanded(over: axes, to: x[0].shape)]
  case .reduceMaximum(let axes):
    return [greatestShare(x[0], y, axes) * g.expanded(over: axes, to: x[0].shape)]
  case .product(let left, let right):
    let first: Tensor? =
      !active[0]
      ? nil
      : left
        ? x[1].product(g, transposeLeft: right, transposeRight: true)
        : g.product(x[1], transposeRight: !right)
    let second: Tensor? =
      !active[1]
      ? nil
      : right
        ? g.product(x[0], transposeLeft: true, transposeRight: left)
        : x[0].product(g, transposeLeft: !left)
    return [first, second]
  }
}

/// How much each element counts towards its maximum: ties share equally.
func greatestShare(_ x: Tensor, _ y: Tensor, _ axes: [Int]) -> Tensor {
  let isGreatest = Tensor.equal(x, y.expanded(over: axes, to: x.shape))
  return isGreatest / isGreatest.sum(axes: axes).expanded(over: axes, to: x.shape)
}

/// d · dy/dx for an elementwise function, of a cotangent or a tangent d; nil where it is zero.
func chained(_ operation: UnaryOperation, _ x: Tensor, _ y: Tensor, _ d: Tensor) -> Tensor? {
  switch operation {
  case .negate: -d
  case .absolute: d * x.sign()
  case .sign: nil
  // By the result, which the next layer keeps anyway.
  case .relu: d.gated(by: y)
  case .exp: d * y
  case .log: d * (1 / x)
  case .sqrt: d * (0.5 / y)
  case .tanh: d * (1 - y * y)
  case .sigmoid: d * (y * (1 - y))
  case .softplus: d * x.sigmoid()
  case .sin: d * x.cos()
  case .cos: d * -x.sin()
  }
}

private func pull(
  _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ y: Tensor, _ g: Tensor, _ active: [Bool]
) -> [Tensor?] {
  let partials = partials(operation, a, b, y, active)
  return [partials.0.map { g * $0 }, partials.1.map { g * $0 }]
}

/// The partial derivatives of an elementwise function of two operands, those that are asked for.
/// A gate has none: derivatives pass it, or not, as its second operand does.
func partials(
  _ operation: BinaryOperation, _ a: Tensor, _ b: Tensor, _ y: Tensor, _ active: [Bool]
) -> (Tensor?, Tensor?) {
  func when(_ position: Int, _ partial: () -> Tensor) -> Tensor? {
    active[position] ? partial() : nil
  }
  switch operation {
  case .add:
    return (when(0) { Tensor(repeating: 1, a.type) }, when(1) { Tensor(repeating: 1, a.type) })
  case .subtract:
    return (when(0) { Tensor(repeating: 1, a.type) }, when(1) { Tensor(repeating: -1, a.type) })
  case .multiply: return (when(0) { b }, when(1) { a })
  case .divide: return (when(0) { 1 / b }, when(1) { -y / b })
  case .maximum: return (when(0) { wins(b, a) }, when(1) { wins(a, b) })
  case .minimum: return (when(0) { wins(a, b) }, when(1) { wins(b, a) })
  case .power:
    return (
      when(0) {
        // The exponent is never lowered below 0 from 0, so that a base of zero gives 0, not 0 · ∞.
        let zero = Tensor.zeros(b.type)
        let lowered = Tensor.select(.equal(b, zero), zero, otherwise: b - 1)
        return b * a.power(lowered)
      },
      when(1) {
        // log is taken only of positive bases, so that a base of zero gives 0, not NaN.
        let positive = a.isGreater(than: 0)
        let base = Tensor.select(positive, a, otherwise: Tensor(repeating: 1, a.type))
        return y * base.log() * positive
      }
    )
  case .gate: fatalError("a gate has a rule of its own")
  }
}

/// 1 where `high` exceeds `low`, a half where they are equal, elsewhere 0.
private func wins(_ low: Tensor, _ high: Tensor) -> Tensor {
  .less(low, high) + 0.5 * Tensor.equal(low, high)
}
