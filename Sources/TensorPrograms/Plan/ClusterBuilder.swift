import CKernels

/// Translates elementwise equations into the code of the fused block machine.
struct ClusterBuilder {
  private let program: Program
  private let positions: [Int]
  /// Values that the cluster reads from memory, views included.
  let inputs: [Int]
  /// Values that somebody else reads.
  let results: [Int]
  /// Sums and maxima of rows of values.
  let reductions: [Equation]

  init(program: Program, positions all: [Int], isResult: (Int) -> Bool) {
    self.program = program
    func isReduction(_ position: Int) -> Bool {
      program.equations[position].reducedRow(program.types) != nil
    }
    let positions = all.filter { !isReduction($0) }
    self.positions = positions
    reductions = all.filter(isReduction).map { program.equations[$0] }
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

  /// One instruction: what it computes from which values.
  private struct Step {
    var operation: mr_operation
    var result: Int
    var operands: [Int]
  }

  /// Values that are there when the code has run.
  private var lasting: [Int] { results + reductions.map { $0.inputs[0] } }

  /// The code, which value each result is, what is reduced, and how many scratch slots it needs.
  func finish() -> (
    code: [mr_instruction], outputValues: [UInt16], reductions: [mr_reduction], slots: Int
  ) {
    let steps = steps()
    var lastRead: [Int: Int] = [:]
    for (index, step) in steps.enumerated() {
      for operand in step.operands { lastRead[operand] = index }
    }
    for value in lasting { lastRead[value] = Int.max }

    var value: [Int: UInt16] = [:]
    for (index, input) in inputs.enumerated() { value[input] = UInt16(index) }
    var freeSlots: [UInt16] = []
    var slots: UInt16 = 0
    var code: [mr_instruction] = []
    for (index, step) in steps.enumerated() {
      let operands = step.operands.map { value[$0]! }
      let dying = Set(step.operands).filter { lastRead[$0] == index }
      for operand in dying.sorted() where value[operand]! >= UInt16(inputs.count) {
        freeSlots.append(value[operand]!)
      }
      let slot =
        freeSlots.popLast()
        ?? {
          slots += 1; return UInt16(inputs.count) + slots - 1
        }()
      value[step.result] = slot
      if lastRead[step.result] == nil { freeSlots.append(slot) }
      code.append(
        mr_instruction(
          operation: UInt16(step.operation.rawValue), destination: slot, a: operands[0],
          b: operands.count > 1 ? operands[1] : 0, c: operands.count > 2 ? operands[2] : 0))
    }
    let reductions = reductions.map { equation in
      let isMaximum = if case .reduceMaximum = equation.primitive { true } else { false }
      return mr_reduction(value: value[equation.inputs[0]]!, is_maximum: isMaximum ? 1 : 0)
    }
    return (code, results.map { value[$0]! }, reductions, Int(slots))
  }

  /// An instruction for each equation, save that a product which only a sum or a difference reads is
  /// part of it.
  private func steps() -> [Step] {
    var readers: [Int: Int] = [:]
    var products: [Int: Equation] = [:]
    for position in positions {
      let equation = program.equations[position]
      for input in equation.inputs { readers[input, default: 0] += 1 }
      if case .binary(.multiply) = equation.primitive {
        products[equation.outputs[0]] = equation
      }
    }
    for value in lasting { products[value] = nil }
    products = products.filter { readers[$0.key] == 1 }

    var absorbed = Set<Int>()
    var steps: [Step] = []
    for position in positions {
      let equation = program.equations[position]
      let (result, operands) = (equation.outputs[0], equation.inputs)
      let (fused, term): (mr_operation, Int?) =
        switch equation.primitive {
        case .binary(.add):
          (MR_MULTIPLY_ADD, [1, 0].first { products[operands[$0]] != nil })
        case .binary(.subtract):
          (MR_MULTIPLY_SUBTRACT_FROM, products[operands[1]] == nil ? nil : 1)
        default: (equation.machineOperation, nil)
        }
      if let term {
        absorbed.insert(operands[term])
        steps.append(
          Step(
            operation: fused, result: result,
            operands: products[operands[term]]!.inputs + [operands[1 - term]]))
      } else {
        steps.append(
          Step(operation: equation.machineOperation, result: result, operands: operands))
      }
    }
    return steps.filter { !absorbed.contains($0.result) }
  }
}

extension Equation {
  /// What an equation of a cluster does; clusters are made of elementwise ones alone.
  fileprivate var machineOperation: mr_operation {
    guard let elementwise = primitive.elementwise else {
      fatalError("\(primitive.name) is not elementwise")
    }
    return elementwise.machineOperation
  }
}

extension ElementwisePrimitive {
  /// The block machine's name for the primitive.
  fileprivate var machineOperation: mr_operation {
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
    }
  }
}
