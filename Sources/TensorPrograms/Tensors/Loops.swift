extension Tensor {
  /// A loop with a carry: applies `step` to what is carried and to one row of every tensor of the
  /// given structures, `length` times, and stacks what each step puts out.
  ///
  /// The step is traced once, whatever the length. Outer tensors that it uses are constants of the
  /// loop; what depends on nothing else is computed once, before the loop. In a reverse loop rows
  /// are visited, and outputs written, from the last to the first.
  ///
  /// ```swift
  /// let (last, sums) = Tensor.scan(
  ///   Tensor([0.0], shape: .scalar), over: Tensor([1.0, 2, 3]), length: 3
  /// ) { sum, x in
  ///   (sum + x, sum + x)  // 6; 1, 3, 6
  /// }
  /// ```
  public static func scan<
    Carry: ParameterStructure, each Slice: ParameterStructure, Output: ParameterStructure
  >(
    _ start: Carry, over slices: repeat each Slice, length: Int, reversed: Bool = false,
    policy: MemoryPolicy = .storeAll,
    step: (Carry, repeat each Slice) throws -> (carry: Carry, output: Output)
  ) rethrows -> (carry: Carry, outputs: Output) {
    var example: Output?
    let (carries, outputs) = try scan(
      start.tensors, slices: flattened(repeat each slices), length: length, reversed: reversed,
      policy: policy
    ) { carries, rows in
      let source = TensorSource(rows)
      let next = try step(
        start.filled(from: TensorSource(carries)), repeat (each slices).filled(from: source))
      example = next.output
      return (next.carry.tensors, next.output.tensors)
    }
    return (
      start.filled(from: TensorSource(carries)), example!.filled(from: TensorSource(outputs))
    )
  }

  /// A loop without a carry: applies `task` to one row of every tensor of the given structures and
  /// stacks the results over the `length` rows. Outer tensors that it uses are shared by all tasks.
  public static func map<each Slice: ParameterStructure, Result: ParameterStructure>(
    over slices: repeat each Slice, length: Int,
    task: (repeat each Slice) throws -> Result
  ) rethrows -> Result {
    try mapAndSum(over: repeat each slices, length: length) {
      (row: repeat each Slice) in (try task(repeat each row), NoTensors())
    }.stacked
  }

  /// The sum of `term` over the `length` rows of the given structures.
  public static func sum<each Slice: ParameterStructure, Result: ParameterStructure>(
    over slices: repeat each Slice, length: Int,
    term: (repeat each Slice) throws -> Result
  ) rethrows -> Result {
    try mapAndSum(over: repeat each slices, length: length) {
      (row: repeat each Slice) in (NoTensors(), try term(repeat each row))
    }.summed
  }

  /// A loop without a carry that stacks one of its results over the `length` rows of the given
  /// structures and sums the other.
  public static func mapAndSum<
    each Slice: ParameterStructure, Stacked: ParameterStructure, Summed: ParameterStructure
  >(
    over slices: repeat each Slice, length: Int,
    task: (repeat each Slice) throws -> (stacked: Stacked, summed: Summed)
  ) rethrows -> (stacked: Stacked, summed: Summed) {
    let tensors = flattened(repeat each slices)
    var example: (stacked: Stacked, summed: Summed)?
    var outputs: [MapOutput] = []
    let traced = try trace(tensors.map { $0.type.dropFirst }) {
      let source = TensorSource($0)
      let results = try task(repeat (each slices).filled(from: source))
      let (stacked, summed) = (results.stacked.tensors, results.summed.tensors)
      outputs = stacked.map { _ in .stacked } + summed.map { _ in .summed }
      example = results
      return stacked + summed
    }
    let source = TensorSource(map(traced, over: tensors, length: length, outputs: outputs))
    return (example!.stacked.filled(from: source), example!.summed.filled(from: source))
  }

  /// `scan` over lists of tensors, which transformations of programs are written in.
  package static func scan(
    _ carries: [Tensor], slices: [Tensor], length: Int, reversed: Bool = false,
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

  /// `map` over lists of tensors, each of whose results is stacked or summed.
  package static func map(
    slices: [Tensor], length: Int, outputs: [MapOutput], task: ([Tensor]) throws -> [Tensor]
  ) rethrows -> [Tensor] {
    let traced = try trace(slices.map { $0.type.dropFirst }, task)
    return map(traced, over: slices, length: length, outputs: outputs)
  }

  private static func map(
    _ task: (program: Program, captures: [Tensor]), over slices: [Tensor], length: Int,
    outputs: [MapOutput]
  ) -> [Tensor] {
    var (body, constants) = hoisted(task.program, captures: task.captures, own: slices.count)
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
      .gather, .scatterAdd, .patches, .foldPatches, .sum, .reduceMaximum, .product, .order,
      .cholesky, .triangularSolve, .stopGradient, .scan, .checkpointedReverse, .map:
      true
    }
  }
}
