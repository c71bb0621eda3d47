/// Constants of a loop that repeat something smaller: the loop repeats them itself, where that costs
/// nothing, and nobody writes the repetitions down.
extension Program {
  /// Moves into a loop's body the repetitions among its first inputs, its constants. `definition`
  /// gives the equation that an operand comes from; operands that were repeated become what they
  /// repeat.
  func repeatingInside(
    _ operands: inout [Int], constants: Int, definition: (Int) -> Equation?,
    types: [TensorType]
  ) -> Program {
    var body = self
    for position in 0..<constants {
      guard let equation = definition(operands[position]),
        case .broadcast = equation.primitive, types[equation.inputs[0]].shape.count > 1,
        seesThroughRepetition(of: inputs[position])
      else { continue }
      let source = body.define(types[equation.inputs[0]])
      body.equations.insert(
        Equation(equation.primitive, [source], [inputs[position]]), at: 0)
      body.inputs[position] = source
      operands[position] = equation.inputs[0]
    }
    return body
  }

  /// Whether everybody who reads a variable could read it from what it repeats.
  private func seesThroughRepetition(of variable: Int) -> Bool {
    guard !outputs.contains(variable) else { return false }
    return equations.allSatisfy { equation in
      guard equation.inputs.contains(variable) else { return true }
      func isConstant(_ constants: Int, of body: Program) -> Bool {
        equation.inputs.indices.allSatisfy { position in
          equation.inputs[position] != variable
            || position < constants && body.seesThroughRepetition(of: body.inputs[position])
        }
      }
      switch equation.primitive {
      case .unary, .binary, .compare, .select: return true
      case .scan(let scan): return isConstant(scan.constants, of: scan.body)
      case .checkpointedReverse(let sweep): return isConstant(sweep.constants, of: sweep.body)
      default: return false
      }
    }
  }
}
