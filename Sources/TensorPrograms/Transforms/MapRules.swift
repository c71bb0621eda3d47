// The rules of the loop over tasks. Each makes another loop over the same tasks.

/// The reverse rule: every task runs again together with its pullback, so nothing is stored;
/// cotangents of the loop's constants are summed over the tasks.
func reverseRule(_ map: MapLoop, _ x: [Tensor], active: [Bool]) -> Pullback {
  require(map.block == nil, "a lowered map is not differentiated")
  let outputs = Tensor.apply(.map(map), x)
  let reached = map.body.derivativeReach(
    from: zip(active, x).map { $0 && $1.scalarType.isFloatingPoint })
  return Pullback(outputs: outputs) { cotangents in
    let incoming = outputs.indices.filter {
      cotangents[$0] != nil && reached[map.body.outputs[$0]]
    }
    let stacked = incoming.filter { map.outputs[$0] == .stacked }
    let wanted = x.indices.filter { active[$0] && x[$0].scalarType.isFloatingPoint }
    let results = Tensor.map(
      slices: Array(x[map.constants...]) + stacked.map { cotangents[$0]! }, length: map.length,
      outputs: wanted.map { $0 < map.constants ? .summed : .stacked }
    ) { rows in
      var rowCotangents = rows.dropFirst(map.slices).makeIterator()
      let own = outputs.indices.map { position -> Tensor? in
        guard incoming.contains(position) else { return nil }
        return map.outputs[position] == .stacked ? rowCotangents.next()! : cotangents[position]
      }
      let inputs = Array(x.prefix(map.constants)) + rows.prefix(map.slices)
      let gradients = vjp(map.body, inputs, active: active).pull(own)
      return wanted.map { gradients[$0] ?? .zeros(inputs[$0].type) }
    }
    var gradients = [Tensor?](repeating: nil, count: x.count)
    for (position, operand) in wanted.enumerated() { gradients[operand] = results[position] }
    return gradients
  }
}

/// The forward rule: values and tangents of a task together.
func forwardRule(_ map: MapLoop, _ x: [Tensor], _ t: [Tensor?]) -> ([Tensor], [Tensor?]) {
  require(map.block == nil, "a lowered map is not differentiated")
  let reached = map.body.derivativeReach(from: t.map { $0 != nil })
  let moving = map.body.outputs.indices.filter { reached[map.body.outputs[$0]] }
  let activeSlices = (map.constants..<x.count).filter { t[$0] != nil }
  let results = Tensor.map(
    slices: Array(x[map.constants...]) + activeSlices.map { t[$0]! }, length: map.length,
    outputs: map.outputs + moving.map { map.outputs[$0] }
  ) { rows in
    var tangents = Array(t.prefix(map.constants))
    var rowTangents = rows.dropFirst(map.slices).makeIterator()
    tangents += (map.constants..<x.count).map { t[$0] == nil ? nil : rowTangents.next()! }
    let (outputs, outgoing) = jvp(
      map.body, Array(x.prefix(map.constants)) + rows.prefix(map.slices), tangents: tangents)
    return outputs + moving.map { outgoing[$0] ?? .zeros(outputs[$0].type) }
  }
  var tangents = [Tensor?](repeating: nil, count: map.outputs.count)
  for (position, output) in moving.enumerated() {
    tangents[output] = results[map.outputs.count + position]
  }
  return (Array(results.prefix(map.outputs.count)), tangents)
}

/// The batching rule: every task runs for all elements of the batch at once.
func batchingRule(
  _ map: MapLoop, _ count: Int, _ x: [Tensor], _ batched: [Bool]
) -> ([Tensor], [Bool]) {
  require(map.block == nil, "a lowered map is not batched")
  let slices = (map.constants..<x.count).map { batched[$0] ? x[$0].exchangingFirstAxes() : x[$0] }
  var marks: [Bool] = []
  let results = Tensor.map(slices: slices, length: map.length, outputs: map.outputs) { rows in
    let (outputs, outgoing) = vmap(
      map.body, count: count, Array(x.prefix(map.constants)) + rows, batched: batched)
    marks = outgoing
    return outputs
  }
  let outputs = results.indices.map { position in
    map.outputs[position] == .stacked && marks[position]
      ? results[position].exchangingFirstAxes() : results[position]
  }
  return (outputs, marks)
}
