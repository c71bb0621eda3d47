extension Tensor {
  /// The reverse sweep of a loop from few kept states: see `CheckpointedReverse`.
  ///
  /// - Parameters:
  ///   - reversed: whether the loop that is swept runs from the last row to the first.
  ///   - step: from carries, rows, adjoints and rows of cotangents to the next carries, the next
  ///     adjoints and what is stacked.
  static func checkpointedReverse(
    _ carries: [Tensor], slices: [Tensor], adjoints: [Tensor], cotangents: [Tensor], length: Int,
    reversed: Bool, snapshots: Int,
    step: (
      _ carries: [Tensor], _ rows: [Tensor], _ adjoints: [Tensor], _ cotangents: [Tensor]
    ) -> (carries: [Tensor], adjoints: [Tensor], outputs: [Tensor])
  ) -> (adjoints: [Tensor], outputs: [Tensor]) {
    let groups = [
      carries.map(\.type), slices.map { $0.type.dropFirst }, adjoints.map(\.type),
      cotangents.map { $0.type.dropFirst },
    ]
    let (program, captures) = trace(groups.flatMap { $0 }) { values in
      var rest = values[...]
      let split = groups.map { group in
        defer { rest = rest.dropFirst(group.count) }
        return Array(rest.prefix(group.count))
      }
      let next = step(split[0], split[1], split[2], split[3])
      return next.carries + next.adjoints + next.outputs
    }
    let own = groups.reduce(0) { $0 + $1.count }
    var (body, constants) = hoisted(program, captures: captures, own: own)
    body.inputs = Array(body.inputs.dropFirst(own)) + body.inputs.prefix(own)
    let sweep = CheckpointedReverse(
      body: body, constants: constants.count, carries: carries.count, slices: slices.count,
      adjoints: adjoints.count, cotangents: cotangents.count, length: length, reversed: reversed,
      snapshots: snapshots)
    let results = apply(
      .checkpointedReverse(sweep), constants + carries + slices + adjoints + cotangents)
    return (Array(results.prefix(adjoints.count)), Array(results.dropFirst(adjoints.count)))
  }
}
