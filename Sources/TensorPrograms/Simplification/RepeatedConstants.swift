/// Constants of a loop that repeat something smaller: the loop repeats them itself, where that
/// costs nothing, and nobody writes the repetitions down.
extension Program {
  /// Moves into a loop's body the repetitions among its first inputs, its constants. `definition`
  /// gives the equation that an operand comes from; operands that were repeated become what they
  /// repeat.
  func repeatingInside(
    _ operands: inout [Int], constants: Int, definition: (Int) -> Equation?,
    types: [TensorType]
  ) -> Program {
    var body = self
    let uses = Uses(self)
    for position in 0..<constants {
      guard let equation = definition(operands[position]),
        case .broadcast = equation.primitive, types[equation.inputs[0]].shape.count > 1,
        uses.seesThroughRepetition(of: inputs[position])
      else { continue }
      let source = body.define(types[equation.inputs[0]])
      body.equations.insert(
        Equation(equation.primitive, [source], [inputs[position]]), at: 0)
      body.inputs[position] = source
      operands[position] = equation.inputs[0]
    }
    return body
  }
}

extension Uses {
  /// Whether everybody who reads a variable could read it from what it repeats.
  fileprivate func seesThroughRepetition(of variable: Int) -> Bool {
    guard !isOutput(variable) else { return false }
    return readers(of: variable).allSatisfy { reader in
      let equation = program.equations[reader]
      func isConstant(_ constants: Int, of body: Program) -> Bool {
        let uses = Uses(body)
        return equation.inputs.indices.allSatisfy { position in
          equation.inputs[position] != variable
            || position < constants && uses.seesThroughRepetition(of: body.inputs[position])
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
