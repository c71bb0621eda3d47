/// The batching rule of a loop with a carry: one loop over all tasks at once.
func batchingRule(
  _ scan: Scan, _ count: Int, _ x: [Tensor], _ batched: [Bool]
) -> ([Tensor], [Bool]) {
  let (constants, carries) = (scan.constants, scan.carries)
  let sliceStart = constants + carries
  let flags = scan.body.inputs(marked: batched, spreadingBy: scan.carried) {
    scan.body.reach(from: $0)
  }

  let starts = (constants..<sliceStart).map { position in
    flags[position] && !batched[position] ? x[position].repeated(count) : x[position]
  }
  // Slices run along the first axis, so the tasks' axis moves behind it.
  let slices = (sliceStart..<x.count).map { position in
    batched[position] ? x[position].exchangingFirstAxes() : x[position]
  }
  var outgoing: [Bool] = []
  let results = Tensor.scan(
    starts, slices: slices, length: scan.length, reversed: scan.reversed, policy: scan.policy
  ) { state, rows in
    let (outputs, marks) = vmap(
      scan.body, count: count, Array(x.prefix(constants)) + state + rows, batched: flags)
    outgoing = Array(marks.dropFirst(carries))
    let next = (0..<carries).map { carry in
      flags[constants + carry] && !marks[carry] ? outputs[carry].repeated(count) : outputs[carry]
    }
    return (next, Array(outputs.dropFirst(carries)))
  }
  let outputs = zip(results.outputs, outgoing).map { $1 ? $0.exchangingFirstAxes() : $0 }
  return (results.carries + outputs, Array(flags[constants..<sliceStart]) + outgoing)
}

extension Tensor {
  func exchangingFirstAxes() -> Tensor { transposed([1, 0] + Array(2..<rank)) }
}
