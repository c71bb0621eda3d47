/// Runs a program and pushes tangents through it; a tangent of nil is zero.
package func jvp(
  _ program: Program, _ inputs: [Tensor], tangents: [Tensor?]
) -> (outputs: [Tensor], tangents: [Tensor?]) {
  var values = [Tensor?](repeating: nil, count: program.types.count)
  var dots = values
  for (position, variable) in program.inputs.enumerated() {
    values[variable] = inputs[position]
    // Whole numbers do not move.
    if program.types[variable].scalar.isFloatingPoint { dots[variable] = tangents[position] }
  }
  for equation in program.equations {
    let operands = equation.inputs.map { values[$0]! }
    let incoming = equation.inputs.map { dots[$0] }
    if incoming.allSatisfy({ $0 == nil }) || !equation.primitive.isDifferentiable {
      for (variable, tensor) in zip(equation.outputs, applyInTrace(equation.primitive, operands)) {
        values[variable] = tensor
      }
      continue
    }
    let (results, outgoing) = forwardRule(equation.primitive, operands, incoming)
    for (position, variable) in equation.outputs.enumerated() {
      values[variable] = results[position]
      if program.types[variable].scalar.isFloatingPoint { dots[variable] = outgoing[position] }
    }
  }
  return (program.outputs.map { values[$0]! }, program.outputs.map { dots[$0] })
}

/// The forward rule of every primitive, one row each. At least one tangent is not nil.
private func forwardRule(
  _ primitive: Primitive, _ x: [Tensor], _ t: [Tensor?]
) -> ([Tensor], [Tensor?]) {
  switch primitive.loop {
  case .scan(let scan): return forwardRule(scan, x, t)
  case .checkpointedReverse(let sweep): return forwardRule(sweep, x, t)
  case .map(let map): return forwardRule(map, x, t)
  case nil:
    let y = Tensor.apply(primitive, x)[0]
    return ([y], [push(primitive, x, y, t)])
  }
}

private func push(_ primitive: Primitive, _ x: [Tensor], _ y: Tensor, _ t: [Tensor?]) -> Tensor? {
  switch primitive {
  case .constant, .compare, .order, .stopGradient: return nil
  case .scan, .checkpointedReverse, .map: fatalError("loops have rules of their own")
  case .unary(let operation): return operation.derivative(at: x[0], y, along: t[0]!)
  case .binary(let operation):
    let terms = operation.derivatives(at: x[0], x[1], y, along: t)
    return sum(terms[0], terms[1])
  case .select:
    let zero = Tensor.zeros(y.type)
    return .select(x[0], t[1] ?? zero, otherwise: t[2] ?? zero)
  case .concatenate(let axis):
    return .concatenate(zip(x, t).map { $1 ?? .zeros($0.type) }, axis: axis)
  case .gather, .scatterAdd: return .apply(primitive, t[0]!, x[1])
  case .reduceMaximum(let axes): return (greatestShare(x[0], y, axes) * t[0]!).sum(axes: axes)
  case .product(let left, let right):
    return sum(
      t[0].map { $0.product(x[1], transposeLeft: left, transposeRight: right) },
      t[1].map { x[0].product($0, transposeLeft: left, transposeRight: right) })
  case .cholesky: return choleskyTangent(factor: y, t[0]!)
  case .triangularSolve(let lower, let transposed):
    let moved = t[0].map {
      -(lower ? $0.lowerTriangle() : $0.upperTriangle()).product(y, transposeLeft: transposed)
    }
    return sum(t[1], moved).map {
      x[0].triangularSolution($0, lower: lower, transposed: transposed)
    }
  case .convert, .reshape, .transpose, .broadcast, .slice, .pad, .sum, .patches, .foldPatches:
    return .apply(primitive, t[0]!)
  }
}
