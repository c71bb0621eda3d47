import CKernels

extension Plan {
  /// Plans a simplified program. `carries` names outputs that may overwrite inputs, as a loop's do:
  /// (output position, input position); `stacks`, whether a loop stacks the outputs behind them;
  /// `isTask`, whether the program is of a map, whose tasks leave no worker idle.
  package static func make(
    _ program: Program, carries: [(output: Int, input: Int)] = [], stacks: Bool = false,
    isTask: Bool = false
  ) -> Plan {
    var planner = Planner(
      program.loweredForPlanning().compacted(), carries: carries, stacks: stacks, isTask: isTask)
    return planner.plan()
  }
}

/// Decides, for one program, which kernels run in which order and where every value lies.
struct Planner {
  let program: Program
  let schedule: Schedule
  let carries: [(output: Int, input: Int)]
  let stacks: Bool
  let isTask: Bool
  /// The equation that defines each variable; -1 for inputs.
  var definition: [Int]
  /// The variable whose memory each one shares, and how many elements in.
  var roots: [(variable: Int, offset: Int)]
  var lastUse: [Int]
  var locations: [Location?]
  var constants = ConstantPool()
  var arena = ArenaAllocator()
  var passing: [Plan.Passing]
  /// Outputs that need a copy: of an input, a constant, or a value another output already holds.
  var copiedOutputs: [Int] = []
  var kernels: [Kernel] = []
  /// The memory behind the clusters among them.
  private var codes: [ClusterCode] = []

  init(_ program: Program, carries: [(output: Int, input: Int)], stacks: Bool, isTask: Bool) {
    self.program = program
    self.carries = carries
    self.stacks = stacks
    self.isTask = isTask
    schedule = Schedule(program)
    definition = [Int](repeating: -1, count: program.types.count)
    roots = program.types.indices.map { ($0, 0) }
    lastUse = [Int](repeating: -1, count: program.types.count)
    locations = [Location?](repeating: nil, count: program.types.count)
    passing = [Plan.Passing](repeating: .elsewhere, count: program.outputs.count)
  }

  var constantBase: Int { 1 + program.inputs.count + program.outputs.count }

  mutating func plan() -> Plan {
    findRoots()
    findLastUses()
    placeInputsAndOutputs()
    for (step, group) in schedule.groups.enumerated() { emit(group, step) }
    for output in copiedOutputs { emitCopy(ofOutput: output) }
    return Plan(
      kernels: kernels, codes: codes, inputTypes: program.inputTypes,
      outputTypes: program.outputTypes, constants: constants.buffer(),
      arenaBytes: arena.byteCount, passing: passing)
  }

  private mutating func findRoots() {
    for (position, equation) in program.equations.enumerated() {
      for output in equation.outputs { definition[output] = position }
      switch schedule.kinds[position] {
      case .alias(let offset):
        let root = roots[equation.inputs[0]]
        roots[equation.outputs[0]] = (root.variable, root.offset + offset)
      case .view, .contents:
        // Readers of a view read its operand.
        roots[equation.outputs[0]] = roots[equation.inputs[0]]
      case .constant, .elementwise, .single, .absorbed: break
      }
    }
  }

  private func members(_ group: ScheduledGroup) -> [Int] {
    switch group {
    case .cluster(let positions): positions
    case .single(let position): [position]
    case .fused(let product, let readers): [product] + readers
    }
  }

  private mutating func findLastUses() {
    for (step, group) in schedule.groups.enumerated() {
      for position in members(group) {
        for input in program.equations[position].inputs { lastUse[roots[input].variable] = step }
      }
    }
    for output in program.outputs { lastUse[roots[output].variable] = Int.max }
  }

  private mutating func placeInputsAndOutputs() {
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
    for (position, output) in program.outputs.enumerated() {
      let root = roots[output]
      if root.offset == 0, locations[root.variable] == nil,
        program.types[root.variable].byteCount == program.types[output].byteCount
      {
        locations[root.variable] = Location(base: outputBase(position), offset: 0)
      } else {
        copiedOutputs.append(position)
      }
    }
    for (output, input) in carries where !considerRows(output, input) {
      considerInPlace(output, input)
    }
  }

  private func outputBase(_ position: Int) -> Int { 1 + program.inputs.count + position }

  /// Lets a carry live in the rows of a stack that would else be a copy of it.
  private mutating func considerRows(_ output: Int, _ input: Int) -> Bool {
    let (result, operand) = (roots[program.outputs[output]].variable, program.inputs[input])
    guard stacks, program.outputs[output] != operand else { return false }
    func row(of variable: Int) -> Int? {
      copiedOutputs.first { position in
        position >= carries.count && roots[program.outputs[position]] == (variable, 0)
          && program.types[program.outputs[position]].byteCount
            == program.types[variable].byteCount
      }
    }
    if let position = row(of: operand) {
      passing[output] = .throughRowBefore(output: position)
      copiedOutputs.removeAll { $0 == position }
    } else if locations[result] == Location(base: outputBase(output), offset: 0),
      let position = row(of: result)
    {
      passing[output] = .throughRowAfter(output: position)
      copiedOutputs.removeAll { $0 == position }
    } else {
      return false
    }
    return true
  }

  /// Lets an output overwrite an input where nobody reads the input afterwards: it must be computed
  /// by a kernel that reads the input element by element, after every other reader.
  private mutating func considerInPlace(_ output: Int, _ input: Int) {
    let (result, operand) = (roots[program.outputs[output]].variable, program.inputs[input])
    if program.outputs[output] == operand {
      // The carry does not change.
      passing[output] = .inPlace
      copiedOutputs.removeAll { $0 == output }
      return
    }
    guard locations[result] == Location(base: outputBase(output), offset: 0),
      definition[result] >= 0, lastUse[operand] != Int.max,
      let step = schedule.groups.firstIndex(where: { members($0).contains(definition[result]) }),
      lastUse[operand] <= step,
      !program.outputs.enumerated().contains(where: {
        $0.offset != output && roots[$0.element].variable == operand
      })
    else { return }
    guard readsElementwise(schedule.groups[step], operand, over: program.types[result].shape) else {
      return
    }
    passing[output] = .inPlace
    locations[result] = Location(base: Plan.inputBase(input), offset: 0)
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
      guard !program.equations[product].inputs.contains(where: { roots[$0].variable == operand })
      else { return false }
      positions = readers
    case .single: return false
    }
    return positions.allSatisfy { position in
      program.equations[position].inputs.allSatisfy { read in
        roots[read].variable != operand
          || roots[read].offset == 0 && access(to: read, over: shape).kind == MR_CONTIGUOUS
      }
    }
  }

  // MARK: Places

  func location(_ variable: Int) -> Location {
    let root = roots[variable]
    var location = locations[root.variable]!
    location.offset += root.offset * program.types[variable].scalar.byteCount
    return location
  }

  mutating func place(_ variable: Int) -> Location {
    if let known = locations[variable] { return known }
    let location = Location(base: 0, offset: arena.allocate(program.types[variable].byteCount))
    locations[variable] = location
    return location
  }

  mutating func temporary(_ bytes: Int) -> Location {
    Location(base: 0, offset: arena.allocate(bytes))
  }

  /// Gives back the places of values that this step reads or writes last.
  private mutating func release(after step: Int, of group: ScheduledGroup) {
    var seen = Set<Int>()
    for position in members(group) {
      let equation = program.equations[position]
      for variable in equation.inputs.map({ roots[$0].variable }) + equation.outputs
      where seen.insert(variable).inserted && lastUse[variable] <= step {
        if let location = locations[variable], location.base == 0, !reused.contains(variable) {
          arena.release(location.offset, program.types[variable].byteCount)
        }
      }
    }
  }

  /// Values whose place a cluster's result took over.
  var reused = Set<Int>()

  // MARK: Kernels

  private mutating func emit(_ group: ScheduledGroup, _ step: Int) {
    switch group {
    case .cluster(let positions): emitCluster(positions, step)
    case .single(let position): emitSingle(program.equations[position])
    case .fused(let product, let readers):
      emitFused(program.equations[product], readers.map { program.equations[$0] }, step)
    }
    release(after: step, of: group)
  }

  private mutating func emitCopy(ofOutput position: Int) {
    let variable = program.outputs[position]
    let type = program.types[variable]
    kernels.append(
      .copy(
        StridedCopy(
          elementBytes: type.scalar.byteCount, shape: [type.shape.count],
          operandStrides: [1], resultStrides: [1], operand: location(variable),
          result: Location(base: outputBase(position), offset: 0))))
  }

  /// How a variable, perhaps a view, is read over an iteration space.
  private func access(to variable: Int, over shape: Shape) -> mr_access {
    var access = mr_access()
    let position = definition[variable]
    if position >= 0, case .view = schedule.kinds[position],
      case .broadcast(_, let axes) = program.equations[position].primitive
    {
      let operand = program.types[program.equations[position].inputs[0]].shape
      if operand.count == 1 {
        access.kind = Int32(MR_SCALAR)
        return access
      }
      access.kind = Int32(MR_STRIDED)
      withUnsafeMutableBytes(of: &access.strides) { bytes in
        let strides = bytes.bindMemory(to: Int64.self)
        for (axis, stride) in zip(axes, operand.strides) {
          strides[axis] = Int64(stride)
        }
      }
      return access
    }
    access.kind = Int32(shape.count == 1 ? MR_SCALAR : MR_CONTIGUOUS)
    return access
  }

  /// Whether a result can have the place of an operand that it is the last to read.
  func canTakeOver(_ operand: Int, _ result: Int, _ step: Int) -> Bool {
    let root = roots[operand]
    return locations[result] == nil && root.offset == 0 && lastUse[root.variable] == step
      && !reused.contains(root.variable) && locations[root.variable]?.base == 0
      && program.types[root.variable].byteCount == program.types[result].byteCount
  }

  /// Gives a result the place of an operand.
  mutating func takeOver(_ operand: Int, _ result: Int) {
    reused.insert(roots[operand].variable)
    locations[result] = locations[roots[operand].variable]
  }

  private mutating func emitCluster(_ positions: [Int], _ step: Int) {
    let result = program.equations[positions[0]].outputs[0]
    let type = program.types[result]
    require(
      type.shape.rank <= Int(MR_MAX_RANK), "elementwise operations take at most 8 axes")
    let builder = ClusterBuilder(
      program: program, positions: positions,
      // Only later groups can read a result besides the cluster itself.
      isResult: { [lastUse] in lastUse[$0] > step })
    let inputs = builder.inputs
    let accesses = inputs.map { access(to: $0, over: type.shape) }
    var outputs: [Location] = []
    for variable in builder.results {
      if let dying = inputs.enumerated().first(where: { position, input in
        accesses[position].kind == MR_CONTIGUOUS
          && !inputs.enumerated().contains { other, input2 in
            other != position && roots[input2].variable == roots[input].variable
          } && canTakeOver(input, variable, step)
      })?.element {
        takeOver(dying, variable)
      }
      outputs.append(place(variable))
    }
    for reduction in builder.reductions { outputs.append(place(reduction.outputs[0])) }
    let built = builder.finish()
    let code = ClusterCode(
      scalar: type.scalar, shape: type.shape.rank == 0 ? [1] : type.shape.extents,
      code: built.code, accesses: accesses, inputs: inputs.map { location($0) },
      outputValues: built.outputValues, reductions: built.reductions,
      row: builder.reductions.first?.reducedRow(program.types) ?? 1, outputs: outputs,
      slots: built.slots)
    codes.append(code)
    kernels.append(.cluster(code.cluster))
  }
}
