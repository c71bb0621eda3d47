/// The forward rule of a loop with a carry: one loop that carries values and tangents together.
func forwardRule(_ scan: Scan, _ x: [Tensor], _ t: [Tensor?]) -> ([Tensor], [Tensor?]) {
  let (constants, carries) = (scan.constants, scan.carries)
  let active = scan.activeInputs(t.map { $0 != nil })
  let activeConstants = (0..<constants).filter { active[$0] }
  let activeCarries = (0..<carries).filter { active[constants + $0] }
  let activeSlices = (constants + carries..<x.count).filter { active[$0] }
  let values = Array(x[constants..<constants + carries])
  let dots = activeCarries.map { t[constants + $0] ?? .zeros(values[$0].type) }

  var hasTangent: [Bool] = []
  let results = Tensor.scan(
    values + dots,
    slices: Array(x[(constants + carries)...]) + activeSlices.map { t[$0]! },
    length: scan.length, reversed: scan.reversed, policy: scan.policy
  ) { state, rows in
    var tangents = [Tensor?](repeating: nil, count: x.count)
    for constant in activeConstants { tangents[constant] = t[constant] }
    for (position, carry) in activeCarries.enumerated() {
      tangents[constants + carry] = state[carries + position]
    }
    for (position, slice) in activeSlices.enumerated() {
      tangents[slice] = rows[scan.slices + position]
    }
    let (outputs, outgoing) = jvp(
      scan.body,
      Array(x.prefix(constants)) + state.prefix(carries) + rows.prefix(scan.slices),
      tangents: tangents)
    hasTangent = outgoing[carries...].map { $0 != nil }
    let next = activeCarries.map { outgoing[$0] ?? .zeros(outputs[$0].type) }
    return (
      Array(outputs.prefix(carries)) + next,
      Array(outputs.dropFirst(carries)) + outgoing.dropFirst(carries).compactMap { $0 }
    )
  }
  var carriedTangents = [Tensor?](repeating: nil, count: carries)
  for (position, carry) in activeCarries.enumerated() {
    carriedTangents[carry] = results.carries[carries + position]
  }
  var rest = results.outputs.dropFirst(scan.outputs).makeIterator()
  return (
    Array(results.carries.prefix(carries)) + results.outputs.prefix(scan.outputs),
    carriedTangents + hasTangent.map { $0 ? rest.next() : nil }
  )
}
