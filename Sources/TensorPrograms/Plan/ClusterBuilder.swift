import CKernels

/// Translates elementwise equations into the code of the fused block machine.
struct ClusterBuilder {
  private let uses: Uses
  private let positions: [Int]
  /// A value of the shape and type that all of them have.
  let space: Int
  /// Values that the cluster reads from memory, views included.
  let inputs: [Int]
  /// Values that somebody else reads.
  let results: [Int]
  /// Sums and maxima of rows of values.
  let reductions: [Equation]

  private var program: Program { uses.program }

  init(_ uses: Uses, positions all: [Int], isResult: (Int) -> Bool) {
    self.uses = uses
    let program = uses.program
    func isReduction(_ position: Int) -> Bool {
      program.equations[position].reducedRow(program.types) != nil
    }
    let positions = all.filter { !isReduction($0) }
    self.positions = positions
    space = program.equations[positions[0]].outputs[0]
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

  /// What the block machine runs.
  struct Code {
    let instructions: [mr_instruction]
    /// Which value each result is.
    let outputValues: [UInt16]
    let reductions: [mr_reduction]
    /// How many scratch slots the instructions need.
    let slots: Int
  }

  /// One instruction: what it computes from which values.
  private struct Step {
    var operation: mr_operation
    var result: Int
    var operands: [Int]
  }

  /// Values that are there when the code has run.
  private var lasting: [Int] { results + reductions.map { $0.inputs[0] } }

  /// The code, with slots for what is not read from memory.
  func code() -> Code {
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
    var instructions: [mr_instruction] = []
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
      instructions.append(
        mr_instruction(
          operation: UInt16(step.operation.rawValue), destination: slot, a: operands[0],
          b: operands.count > 1 ? operands[1] : 0, c: operands.count > 2 ? operands[2] : 0))
    }
    let reductions = reductions.map { equation in
      let isMaximum = if case .reduceMaximum = equation.primitive { true } else { false }
      return mr_reduction(value: value[equation.inputs[0]]!, is_maximum: isMaximum ? 1 : 0)
    }
    return Code(
      instructions: instructions, outputValues: results.map { value[$0]! },
      reductions: reductions, slots: Int(slots))
  }

  /// An instruction for each equation, save that a product which only a sum or a difference reads
  /// is part of it.
  private func steps() -> [Step] {
    let lasting = Set(lasting)
    var products: [Int: Equation] = [:]
    for position in positions {
      let equation = program.equations[position]
      if case .binary(.multiply) = equation.primitive, !lasting.contains(equation.outputs[0]),
        uses.isReadOnce(equation.outputs[0])
      {
        products[equation.outputs[0]] = equation
      }
    }

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
