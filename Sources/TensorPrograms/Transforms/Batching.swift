/// Runs a program written for one task on `count` tasks at once: marked inputs have a leading task
/// axis, and so have those outputs that depend on them.
package func vmap(
  _ program: Program, count: Int, _ inputs: [Tensor], batched: [Bool]
) -> (outputs: [Tensor], batched: [Bool]) {
  var values = [Tensor?](repeating: nil, count: program.types.count)
  var flags = [Bool](repeating: false, count: program.types.count)
  for (position, variable) in program.inputs.enumerated() {
    values[variable] = inputs[position]
    flags[variable] = batched[position]
  }
  for equation in program.equations {
    let operands = equation.inputs.map { values[$0]! }
    let marks = equation.inputs.map { flags[$0] }
    guard marks.contains(true) else {
      for (variable, tensor) in zip(equation.outputs, applyInTrace(equation.primitive, operands)) {
        values[variable] = tensor
      }
      continue
    }
    let (results, outgoing) = batchingRule(equation.primitive, count, operands, marks)
    for (position, variable) in equation.outputs.enumerated() {
      values[variable] = results[position]
      flags[variable] = outgoing[position]
    }
  }
  return (program.outputs.map { values[$0]! }, program.outputs.map { flags[$0] })
}

/// The batching rule of every primitive, one row each. At least one operand is batched.
private func batchingRule(
  _ primitive: Primitive, _ count: Int, _ x: [Tensor], _ batched: [Bool]
) -> ([Tensor], [Bool]) {
  func withTasks(_ position: Int) -> Tensor {
    batched[position] ? x[position] : x[position].repeated(count)
  }
  func one(_ primitive: Primitive, _ operands: Tensor...) -> ([Tensor], [Bool]) {
    (Tensor.apply(primitive, operands), [true])
  }
  func shifted(_ axes: [Int]) -> [Int] { axes.map { $0 + 1 } }

  switch primitive {
  case .constant: fatalError("a constant has no operands")
  case .scan(let scan): return batchingRule(scan, count, x, batched)
  case .checkpointedReverse(let sweep): return batchingRule(sweep, count, x, batched)
  case .map(let map): return batchingRule(map, count, x, batched)
  case .unary, .convert, .stopGradient: return one(primitive, x[0])
  case .binary, .compare: return one(primitive, withTasks(0), withTasks(1))
  case .select: return one(primitive, withTasks(0), withTasks(1), withTasks(2))
  case .reshape(let shape): return one(.reshape(shape.prepending(count)), x[0])
  case .transpose(let order): return one(.transpose([0] + shifted(order)), x[0])
  case .broadcast(let shape, let axes):
    return one(.broadcast(shape.prepending(count), axes: [0] + shifted(axes)), x[0])
  case .slice(let starts, let limits):
    return one(.slice(starts: [0] + starts, limits: [count] + limits), x[0])
  case .pad(let low, let high): return one(.pad(low: [0] + low, high: [0] + high), x[0])
  case .concatenate(let axis):
    return (Tensor.apply(.concatenate(axis: axis + 1), x.indices.map(withTasks)), [true])
  case .gather(let batch):
    if !batched[0] && batch == 0 {
      // Tasks that read the same rows: one gather of all their indices.
      let rows = Tensor.apply(primitive, x[0], x[1].reshaped(to: [x[1].shape.count]))
      return (
        [rows.reshaped(to: Shape(x[1].shape.extents + x[0].shape.extents.dropFirst()))], [true]
      )
    }
    return one(.gather(batch: batch + 1), withTasks(0), withTasks(1))
  case .scatterAdd(let batch, let rows):
    return one(.scatterAdd(batch: batch + 1, rows: rows), withTasks(0), withTasks(1))
  case .patches, .foldPatches:
    // All tasks' images are one batch.
    let shape = x[0].shape
    let result = Tensor.apply(
      primitive,
      x[0].reshaped(to: Shape([shape[0] * shape[1]] + shape.extents.dropFirst(2))))
    return (
      [result.reshaped(to: Shape([shape[0], shape[1]] + result.shape.extents.dropFirst()))], [true]
    )
  case .sum(let axes): return one(.sum(shifted(axes)), x[0])
  case .reduceMaximum(let axes): return one(.reduceMaximum(shifted(axes)), x[0])
  case .order, .cholesky: return one(primitive, x[0])
  case .triangularSolve: return one(primitive, withTasks(0), withTasks(1))
  case .product(let left, let right):
    if !batched[1] && !left && x[1].rank == 2 {
      // One matrix for all tasks: their rows are one tall left operand.
      let shape = x[0].shape
      let tall = x[0].reshaped(to: [shape[0] * shape[1], shape[2]])
      let result = tall.product(x[1], transposeRight: right)
      return ([result.reshaped(to: [shape[0], shape[1], result.shape[1]])], [true])
    }
    return one(primitive, withTasks(0), withTasks(1))
  }
}
