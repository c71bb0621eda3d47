extension Tensor {
  /// A loop with a carry: applies `step` to the carried tensors and to one row of every slice,
  /// `length` times, and stacks what each step puts out.
  ///
  /// The step is traced once, whatever the length. Outer tensors that it uses are constants of the
  /// loop; what depends on nothing else is computed once, before the loop. In a reverse loop rows
  /// are visited, and outputs written, from the last to the first.
  public static func scan(
    _ carries: [Tensor], slices: [Tensor] = [], length: Int, reversed: Bool = false,
    policy: MemoryPolicy = .storeAll,
    step: ([Tensor], [Tensor]) throws -> (carries: [Tensor], outputs: [Tensor])
  ) rethrows -> (carries: [Tensor], outputs: [Tensor]) {
    if case .binomial(let snapshots) = policy {
      require(snapshots >= 1, "a loop is reversed with at least one snapshot, found \(snapshots)")
    }
    let (program, captures) = try trace(carries.map(\.type) + slices.map { $0.type.dropFirst }) {
      let (next, outputs) = try step(
        Array($0.prefix(carries.count)), Array($0.dropFirst(carries.count)))
      require(
        next.map(\.type) == carries.map(\.type),
        "a step must return its carries in the types it got: \(carries.map(\.type)), "
          + "found \(next.map(\.type))")
      return next + outputs
    }
    let own = carries.count + slices.count
    var (body, constants) = hoisted(program, captures: captures, own: own)
    body.inputs = Array(body.inputs.dropFirst(own)) + body.inputs.prefix(own)
    let scan = Scan(
      body: body, constants: constants.count, carries: carries.count, slices: slices.count,
      length: length, reversed: reversed, policy: policy)
    let results = apply(.scan(scan), constants + carries + slices)
    return (Array(results.prefix(carries.count)), Array(results.dropFirst(carries.count)))
  }

  /// A loop without a carry: applies `task` to one row of every slice, and stacks or sums each of
  /// its results over the `length` rows. Outer tensors that it uses are shared by all tasks.
  public static func map(
    slices: [Tensor], length: Int, outputs: [MapOutput], task: ([Tensor]) throws -> [Tensor]
  ) rethrows -> [Tensor] {
    let (program, captures) = try trace(slices.map { $0.type.dropFirst }, task)
    var (body, constants) = hoisted(program, captures: captures, own: slices.count)
    body.inputs = Array(body.inputs.dropFirst(slices.count)) + body.inputs.prefix(slices.count)
    let map = MapLoop(
      body: body, constants: constants.count, slices: slices.count, length: length,
      outputs: outputs, block: nil, remainder: nil)
    return apply(.map(map), constants + slices)
  }

  /// Moves equations that depend only on captured tensors out of a loop body.
  ///
  /// Repetitions and constants stay inside: they cost nothing there and memory outside.
  static func hoisted(
    _ program: Program, captures: [Tensor], own: Int
  ) -> (Program, [Tensor]) {
    var values: [Int: Tensor] = [:]
    for (variable, tensor) in zip(program.inputs.dropFirst(own), captures) {
      values[variable] = tensor
    }
    var body = program
    body.equations = []
    for equation in program.equations {
      if equation.primitive.isWorthHoisting, equation.inputs.allSatisfy({ values[$0] != nil }) {
        let results = apply(equation.primitive, equation.inputs.map { values[$0]! })
        for (variable, tensor) in zip(equation.outputs, results) { values[variable] = tensor }
      } else {
        body.equations.append(equation)
      }
    }
    let used = Set(body.equations.flatMap(\.inputs) + body.outputs)
    let captured = values.keys.sorted().filter { used.contains($0) }
    body.inputs = Array(program.inputs.prefix(own)) + captured
    return (body.compacted(), captured.map { values[$0]! })
  }
}

extension Primitive {
  fileprivate var isWorthHoisting: Bool {
    switch self {
    case .constant, .broadcast, .reshape: false
    case .unary, .binary, .compare, .select, .convert, .transpose, .slice, .pad, .concatenate,
      .gather, .scatterAdd, .patches, .foldPatches, .sum, .reduceMaximum, .product,
      .stopGradient, .scan, .checkpointedReverse, .map:
      true
    }
  }
}
