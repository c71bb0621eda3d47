import CKernels

/// Where every value of a program lies while it runs: chosen step by step of its schedule, before
/// any kernel is written.
struct Places {
  /// What a loop has beside its operands and results.
  struct OfLoop {
    /// How a scan's or a sweep's carries pass from step to step.
    var carries: [ScanLoop.Carry] = []
    /// The working state of a sweep, where its snapshots but the first are, and how its adjoints
    /// pass.
    var states: [Location] = []
    var kept: [Location] = []
    var adjoints: [ScanLoop.Carry] = []
    /// The sums of a map's blocks but the first.
    var partials: [Location] = []
  }

  let schedule: Schedule
  let lifetimes: Lifetimes
  private var locations: [Location?]
  private(set) var constants = ConstantPool()
  private var arena = ArenaAllocator()
  /// Values whose place a result took over.
  private var reused = Set<Int>()
  /// How each output that becomes an input of the next step does so.
  private(set) var passing: [Plan.Passing]
  /// Outputs that need a copy: of an input, a constant, or a value another output already holds.
  private(set) var copiedOutputs: [Int] = []
  /// The loops' own places, by the equation's position.
  private(set) var ofLoops: [Int: OfLoop] = [:]

  private var program: Program { schedule.program }

  /// - Parameters:
  ///   - carried: outputs that may overwrite inputs, as a loop's do.
  ///   - stacks: whether a loop stacks the outputs behind them.
  ///   - loops: the plans of the loops, by the equation's position.
  init(_ schedule: Schedule, carried: [Carried], stacks: Bool, loops: [Int: LoopPlan]) {
    self.schedule = schedule
    lifetimes = Lifetimes(schedule)
    locations = [Location?](repeating: nil, count: schedule.program.types.count)
    passing = [Plan.Passing](repeating: .elsewhere, count: schedule.program.outputs.count)
    placeInputsAndConstants()
    placeOutputs()
    for carry in carried where !stacks || !passThroughRows(carry, of: carried.count) {
      passInPlace(carry)
    }
    for (step, group) in schedule.groups.enumerated() {
      place(group, step, loops)
      release(after: step, of: group)
    }
  }

  // MARK: What was chosen

  /// Where a variable lies.
  subscript(_ variable: Int) -> Location {
    var location = locations[lifetimes.root(variable)]!
    location.offset += lifetimes.offset(variable) * program.types[variable].scalar.byteCount
    return location
  }

  /// The number that a variable has everywhere, where it is a constant.
  func splat(_ variable: Int) -> Double? {
    constants.splat(at: locations[lifetimes.root(variable)]!, constantBase)
  }

  /// Bytes of the arena.
  var arenaBytes: Int { arena.byteCount }

  /// The base of an output's own place.
  func outputBase(_ position: Int) -> Int { 1 + program.inputs.count + position }

  private var constantBase: Int { 1 + program.inputs.count + program.outputs.count }

  /// The equations of a cluster that runs in a step.
  func cluster(_ positions: [Int], _ step: Int) -> ClusterBuilder {
    // Only later groups can read a result besides the cluster itself.
    ClusterBuilder(schedule.uses, positions: positions) { lifetimes.lastUse($0) > step }
  }

  // MARK: Inputs and outputs

  private mutating func placeInputsAndConstants() {
    for (position, input) in program.inputs.enumerated() {
      locations[input] = Location(base: Plan.inputBase(position), offset: 0)
    }
    for (position, equation) in program.equations.enumerated() {
      guard case .constant = schedule.kinds[position],
        case .constant(let constant, let type) = equation.primitive
      else { continue }
      locations[equation.outputs[0]] = Location(
        base: constantBase, offset: constants.place(constant, type))
    }
  }

  private mutating func placeOutputs() {
    for (position, output) in program.outputs.enumerated() {
      let root = lifetimes.root(output)
      if lifetimes.offset(output) == 0, locations[root] == nil,
        program.types[root].byteCount == program.types[output].byteCount
      {
        locations[root] = Location(base: outputBase(position), offset: 0)
      } else {
        copiedOutputs.append(position)
      }
    }
  }

  /// Lets a carry live in the rows of a stack that would else be a copy of it.
  private mutating func passThroughRows(_ carry: Carried, of carries: Int) -> Bool {
    let operand = program.inputs[carry.input]
    let result = lifetimes.root(program.outputs[carry.output])
    guard program.outputs[carry.output] != operand else { return false }
    func row(of variable: Int) -> Int? {
      copiedOutputs.first { position in
        let output = program.outputs[position]
        return position >= carries && lifetimes.root(output) == variable
          && lifetimes.offset(output) == 0
          && program.types[output].byteCount == program.types[variable].byteCount
      }
    }
    if let position = row(of: operand) {
      passing[carry.output] = .throughRowBefore(output: position)
      copiedOutputs.removeAll { $0 == position }
    } else if locations[result] == Location(base: outputBase(carry.output), offset: 0),
      let position = row(of: result)
    {
      passing[carry.output] = .throughRowAfter(output: position)
      copiedOutputs.removeAll { $0 == position }
    } else {
      return false
    }
    return true
  }

  /// Lets an output overwrite an input where nobody reads the input afterwards: it must be computed
  /// by a kernel that reads the input element by element, after every other reader.
  private mutating func passInPlace(_ carry: Carried) {
    let operand = program.inputs[carry.input]
    let result = lifetimes.root(program.outputs[carry.output])
    if program.outputs[carry.output] == operand {
      // The carry does not change.
      passing[carry.output] = .inPlace
      copiedOutputs.removeAll { $0 == carry.output }
      return
    }
    guard locations[result] == Location(base: outputBase(carry.output), offset: 0),
      let definition = schedule.uses.position(defining: result),
      lifetimes.lastUse(operand) != Int.max,
      let step = schedule.groups.firstIndex(where: { $0.positions.contains(definition) }),
      lifetimes.lastUse(operand) <= step,
      !program.outputs.enumerated().contains(where: {
        $0.offset != carry.output && lifetimes.root($0.element) == operand
      }),
      readsElementwise(schedule.groups[step], operand, over: program.types[result].shape)
    else { return }
    passing[carry.output] = .inPlace
    locations[result] = Location(base: Plan.inputBase(carry.input), offset: 0)
  }

  /// Whether a group can write its result where an operand is: it reads the operand not at all, or
  /// each element before it writes the one at its place.
  private func readsElementwise(
    _ group: ScheduledGroup, _ operand: Int, over shape: Shape
  ) -> Bool {
    let positions: [Int]
    switch group {
    case .cluster(let members): positions = members
    case .fused(let product, let readers):
      if case .foldPatches = program.equations[readers[0]].primitive { return false }
      guard !program.equations[product].inputs.contains(where: { lifetimes.root($0) == operand })
      else { return false }
      positions = readers
    case .single: return false
    }
    return positions.allSatisfy { position in
      program.equations[position].inputs.allSatisfy { read in
        lifetimes.root(read) != operand
          || lifetimes.offset(read) == 0
            && schedule.access(to: read, over: shape).kind == MR_CONTIGUOUS
      }
    }
  }

  // MARK: Steps

  private mutating func place(_ group: ScheduledGroup, _ step: Int, _ loops: [Int: LoopPlan]) {
    switch group {
    case .cluster(let positions): place(cluster(positions, step), step)
    case .single(let position):
      let outputs = program.equations[position].outputs
      guard !outputs.isEmpty else { return }
      for output in outputs { place(output) }
      if let loop = program.equations[position].primitive.loop {
        ofLoops[position] = reserve(for: loop, loops[position]!)
      }
    case .fused(let position, let readers):
      let product = FusedProduct(position, readers, schedule, lifetimes)
      for operand in product.replaceable where canTakeOver(operand, product.result, step) {
        takeOver(operand, product.result)
      }
      place(product.result)
    }
  }

  private mutating func place(_ cluster: ClusterBuilder, _ step: Int) {
    let shape = program.types[cluster.space].shape
    require(shape.rank <= Limits.axes, "elementwise operations take at most \(Limits.axes) axes")
    let inputs = cluster.inputs
    for result in cluster.results {
      let dying = inputs.enumerated().first { position, input in
        schedule.access(to: input, over: shape).kind == MR_CONTIGUOUS
          && !inputs.enumerated().contains { other, input2 in
            other != position && lifetimes.root(input2) == lifetimes.root(input)
          } && canTakeOver(input, result, step)
      }
      if let dying { takeOver(dying.element, result) }
      place(result)
    }
    for reduction in cluster.reductions { place(reduction.outputs[0]) }
  }

  /// Gives a variable a place, where it has none.
  private mutating func place(_ variable: Int) {
    if locations[variable] == nil {
      locations[variable] = temporary(program.types[variable].byteCount)
    }
  }

  private mutating func temporary(_ bytes: Int) -> Location {
    Location(base: 0, offset: arena.allocate(bytes))
  }

  /// Whether a result can have the place of an operand that it is the last to read.
  private func canTakeOver(_ operand: Int, _ result: Int, _ step: Int) -> Bool {
    let root = lifetimes.root(operand)
    return locations[result] == nil && lifetimes.offset(operand) == 0
      && lifetimes.lastUse(root) == step && !reused.contains(root)
      && locations[root]?.base == 0
      && program.types[root].byteCount == program.types[result].byteCount
  }

  /// Gives a result the place of an operand.
  private mutating func takeOver(_ operand: Int, _ result: Int) {
    reused.insert(lifetimes.root(operand))
    locations[result] = locations[lifetimes.root(operand)]
  }

  /// Gives back the places of values that this step reads or writes last.
  private mutating func release(after step: Int, of group: ScheduledGroup) {
    var seen = Set<Int>()
    for position in group.positions {
      let equation = program.equations[position]
      for variable in equation.inputs.map({ lifetimes.root($0) }) + equation.outputs
      where seen.insert(variable).inserted && lifetimes.lastUse(variable) <= step {
        if let location = locations[variable], location.base == 0, !reused.contains(variable) {
          arena.release(location.offset, program.types[variable].byteCount)
        }
      }
    }
  }

  // MARK: Loops

  /// Places that a loop has for its own while it runs.
  private mutating func reserve(for loop: LoopPrimitive, _ plan: LoopPlan) -> OfLoop {
    var reserved: [(location: Location, bytes: Int)] = []
    func reserve(_ bytes: Int, _ places: inout Places) -> Location {
      reserved.append((places.temporary(bytes), bytes))
      return reserved[reserved.count - 1].location
    }
    func carries(_ count: Int, of body: Plan, _ places: inout Places) -> [ScanLoop.Carry] {
      (0..<count).map { carry in
        switch body.passing[carry] {
        case .inPlace: .inPlace
        case .throughRowBefore(let output): .throughRowBefore(output: output)
        case .throughRowAfter(let output): .throughRowAfter(output: output)
        case .elsewhere: .alternating(reserve(body.outputTypes[carry].byteCount, &places))
        }
      }
    }
    var own = OfLoop()
    switch (loop, plan) {
    case (.scan(let scan), .scan(_, let body)): own.carries = carries(scan.carries, of: body, &self)
    case (.checkpointedReverse(let sweep), .checkpointedReverse(let advance, let adjoint)):
      let bytes = advance.outputTypes.map(\.byteCount)
      own.states = bytes.map { reserve($0, &self) }
      own.carries = carries(sweep.carries, of: advance, &self)
      own.kept = bytes.map { reserve($0 * (sweep.usefulSnapshots - 1), &self) }
      own.adjoints = carries(sweep.adjoints, of: adjoint, &self)
    case (.map(let map), .map(let body, _)):
      own.partials = map.partialBytes(body.outputTypes).map { reserve($0, &self) }
    default: fatalError("the plan is another loop's")
    }
    for (location, bytes) in reserved { arena.release(location.offset, bytes) }
    return own
  }
}
