// The rules of a reverse sweep from few kept states. Batched, it stays one; differentiated, it
// becomes the two loops that keep every state, whose rules do the rest.

/// The reverse rule.
func reverseRule(_ sweep: CheckpointedReverse, _ x: [Tensor], active: [Bool]) -> Pullback {
  vjp(sweep.keepingEveryStep, x, active: active)
}

/// The forward rule.
func forwardRule(
  _ sweep: CheckpointedReverse, _ x: [Tensor], _ t: [Tensor?]
) -> ([Tensor], [Tensor?]) {
  jvp(sweep.keepingEveryStep, x, tangents: t)
}

extension CheckpointedReverse {
  /// A program with the same operands and results: a loop that puts out every state, and one the
  /// other way that reads them.
  fileprivate var keepingEveryStep: Program {
    let (constants, carries, slices) = (constants, carries, slices)
    let types = body.inputTypes.enumerated().map { position, type in
      let isRow =
        position >= adjointStart + adjoints
        || position >= constants + carries && position < adjointStart
      return isRow ? type.prepending(length) : type
    }
    let (advance, adjoint) = (advance, adjoint)
    let (program, captures) = trace(types) { x in
      let fixed = Array(x.prefix(constants))
      let rows = Array(x[constants + carries..<adjointStart])
      let states = Tensor.scan(
        Array(x[constants..<constants + carries]), slices: rows, length: length,
        reversed: reversed, policy: .everyStep
      ) { (replay(advance, fixed + $0 + $1), $0) }.outputs
      let swept = Tensor.scan(
        Array(x[adjointStart..<adjointStart + adjoints]),
        slices: states + rows + x[(adjointStart + adjoints)...], length: length,
        reversed: !reversed, policy: .everyStep
      ) { state, rows in
        let results = replay(
          adjoint, fixed + rows.prefix(carries + slices) + state + rows.dropFirst(carries + slices))
        return (Array(results.prefix(adjoints)), Array(results.dropFirst(adjoints)))
      }
      return swept.carries + swept.outputs
    }
    require(captures.isEmpty, "a loop body captures nothing")
    return program
  }
}

/// The batching rule: one sweep over all tasks at once, on the same schedule.
func batchingRule(
  _ sweep: CheckpointedReverse, _ count: Int, _ x: [Tensor], _ batched: [Bool]
) -> ([Tensor], [Bool]) {
  let carried = sweep.carried
  let flags = sweep.body.inputs(marked: batched, spreadingBy: carried) {
    sweep.body.reach(from: $0)
  }

  /// Operands that are the same at every step.
  func carriedOperands(_ range: Range<Int>) -> [Tensor] {
    range.map { flags[$0] && !batched[$0] ? x[$0].repeated(count) : x[$0] }
  }
  /// Slices run along the first axis, so the tasks' axis moves behind it.
  func slicedOperands(_ range: Range<Int>) -> [Tensor] {
    range.map { batched[$0] ? x[$0].exchangingFirstAxes() : x[$0] }
  }
  let (first, rows) = (sweep.constants, sweep.constants + sweep.carries)
  let (adjoints, cotangents) = (sweep.adjointStart, sweep.adjointStart + sweep.adjoints)
  var outgoing: [Bool] = []
  let results = Tensor.checkpointedReverse(
    carriedOperands(first..<rows), slices: slicedOperands(rows..<adjoints),
    adjoints: carriedOperands(adjoints..<cotangents),
    cotangents: slicedOperands(cotangents..<x.count), length: sweep.length,
    reversed: sweep.reversed, snapshots: sweep.snapshots
  ) { state, row, adjoints, cotangents in
    let (outputs, marks) = vmap(
      sweep.body, count: count, Array(x.prefix(first)) + state + row + adjoints + cotangents,
      batched: flags)
    outgoing = Array(marks.dropFirst(carried.count))
    let next = carried.map { carry in
      flags[carry.input] && !marks[carry.output]
        ? outputs[carry.output].repeated(count) : outputs[carry.output]
    }
    return (
      Array(next.prefix(sweep.carries)), Array(next.dropFirst(sweep.carries)),
      Array(outputs.dropFirst(carried.count))
    )
  }
  let outputs = zip(results.outputs, outgoing).map { $1 ? $0.exchangingFirstAxes() : $0 }
  return (results.adjoints + outputs, Array(flags[adjoints..<cotangents]) + outgoing)
}
