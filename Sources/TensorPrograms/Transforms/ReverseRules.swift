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
  case .constant, .compare, .order, .stopGradient: return x.map { _ in nil }
  case .scan, .checkpointedReverse, .map: fatalError("loops have rules of their own")
  case .unary(let operation): return [operation.derivative(at: x[0], y, along: g)]
  case .binary(let operation):
    return operation.derivatives(at: x[0], x[1], y, along: active.map { $0 ? g : nil })
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
  case .cholesky: return [choleskyCotangent(factor: y, g)]
  case .triangularSolve(let lower, let transposed):
    let right = x[0].triangularSolution(g, lower: lower, transposed: !transposed)
    guard active[0] else { return [nil, right] }
    let outer =
      transposed
      ? y.product(right, transposeRight: true) : right.product(y, transposeRight: true)
    return [-(lower ? outer.lowerTriangle() : outer.upperTriangle()), right]
  }
}

/// How much each element counts towards its maximum: ties share equally.
func greatestShare(_ x: Tensor, _ y: Tensor, _ axes: [Int]) -> Tensor {
  let isGreatest = x .== y.expanded(over: axes, to: x.shape)
  return isGreatest / isGreatest.sum(axes: axes).expanded(over: axes, to: x.shape)
}
