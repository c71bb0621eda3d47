import CKernels

/// Translates elementwise equations into the code of the fused block machine.
struct ClusterBuilder {
  private let program: Program
  private let positions: [Int]
  /// Values that the cluster reads from memory, views included.
  let inputs: [Int]
  /// Values that somebody else reads.
  let results: [Int]

  init(program: Program, positions: [Int], isResult: (Int) -> Bool) {
    self.program = program
    self.positions = positions
    let own = Set(positions.map { program.equations[$0].outputs[0] })
    var inputs: [Int] = []
    var seen = Set<Int>()
    for position in positions {
      for input in program.equations[position].inputs
      where !own.contains(input) && seen.insert(input).inserted {
        inputs.append(input)
      }
    }
    self.inputs = inputs
    results = positions.map { program.equations[$0].outputs[0] }.filter(isResult)
  }

  /// The code, which value each result is, and how many scratch slots it needs.
  mutating func finish() -> (code: [mr_instruction], outputValues: [UInt16], slots: Int) {
    var lastRead: [Int: Int] = [:]
    for (step, position) in positions.enumerated() {
      for input in program.equations[position].inputs { lastRead[input] = step }
    }
    for result in results { lastRead[result] = Int.max }

    var value: [Int: UInt16] = [:]
    for (index, input) in inputs.enumerated() { value[input] = UInt16(index) }
    var freeSlots: [UInt16] = []
    var slots: UInt16 = 0
    var code: [mr_instruction] = []
    for (step, position) in positions.enumerated() {
      let equation = program.equations[position]
      let operands = equation.inputs.map { value[$0]! }
      let own = Set(equation.inputs).filter { $0 != equation.outputs[0] && lastRead[$0] == step }
      for input in own.sorted() where value[input]! >= UInt16(inputs.count) {
        freeSlots.append(value[input]!)
      }
      let slot =
        freeSlots.popLast()
        ?? {
          slots += 1; return UInt16(inputs.count) + slots - 1
        }()
      value[equation.outputs[0]] = slot
      if lastRead[equation.outputs[0]] == nil { freeSlots.append(slot) }
      code.append(
        mr_instruction(
          operation: equation.primitive.machineOperation, destination: slot, a: operands[0],
          b: operands.count > 1 ? operands[1] : 0, c: operands.count > 2 ? operands[2] : 0))
    }
    return (code, results.map { value[$0]! }, Int(slots))
  }
}

extension Primitive {
  /// The block machine's name for an elementwise primitive.
  fileprivate var machineOperation: UInt16 {
    let operation: mr_operation =
      switch self {
      case .unary(.negate): MR_NEGATE
      case .unary(.absolute): MR_ABSOLUTE
      case .unary(.sign): MR_SIGN
      case .unary(.relu): MR_RELU
      case .unary(.exp): MR_EXP
      case .unary(.log): MR_LOG
      case .unary(.sqrt): MR_SQRT
      case .unary(.tanh): MR_TANH
      case .unary(.sigmoid): MR_SIGMOID
      case .unary(.softplus): MR_SOFTPLUS
      case .unary(.sin): MR_SIN
      case .unary(.cos): MR_COS
      case .binary(.add): MR_ADD
      case .binary(.subtract): MR_SUBTRACT
      case .binary(.multiply): MR_MULTIPLY
      case .binary(.divide): MR_DIVIDE
      case .binary(.maximum): MR_MAXIMUM
      case .binary(.minimum): MR_MINIMUM
      case .binary(.power): MR_POWER
      case .binary(.gate): MR_GATE
      case .compare(.equal): MR_EQUAL
      case .compare(.less): MR_LESS
      case .compare(.lessOrEqual): MR_LESS_EQUAL
      case .select: MR_SELECT
      default: fatalError("\(name) is not elementwise")
      }
    return UInt16(operation.rawValue)
  }
}
