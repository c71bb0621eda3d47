/// What a reverse rule gives: the results, and a function from their cotangents to the operands'.
/// A cotangent of nil is zero.
package struct Pullback {
  package let outputs: [Tensor]
  package let pull: ([Tensor?]) -> [Tensor?]
}

/// Runs a program and returns its outputs with their pullback, by the rule of each equation in
/// reverse order. Rules are written in tensor arithmetic, so the result can be differentiated
/// again.
package func vjp(_ program: Program, _ inputs: [Tensor], active: [Bool]) -> Pullback {
  var values = [Tensor?](repeating: nil, count: program.types.count)
  for (variable, tensor) in zip(program.inputs, inputs) { values[variable] = tensor }
  let marked = zip(active, program.inputTypes).map { $0 && $1.scalar.isFloatingPoint }
  let reached = program.derivativeReach(from: marked)

  var tape: [(equation: Equation, pull: ([Tensor?]) -> [Tensor?])] = []
  for equation in program.equations {
    let operands = equation.inputs.map { values[$0]! }
    let isActive = equation.outputs.contains { reached[$0] }
    let results: [Tensor]
    if isActive {
      let rule = reverseRule(
        equation.primitive, operands, active: equation.inputs.map { reached[$0] })
      results = rule.outputs
      tape.append((equation, rule.pull))
    } else {
      results = applyInTrace(equation.primitive, operands)
    }
    for (variable, tensor) in zip(equation.outputs, results) { values[variable] = tensor }
  }

  let outputs = program.outputs.map { values[$0]! }
  let recorded = tape
  return Pullback(outputs: outputs) { cotangents in
    var sums = [Tensor?](repeating: nil, count: program.types.count)
    func accumulate(_ variable: Int, _ cotangent: Tensor?) {
      guard let cotangent, reached[variable] else { return }
      sums[variable] = sum(sums[variable], cotangent)
    }
    for (variable, cotangent) in zip(program.outputs, cotangents) {
      accumulate(variable, cotangent)
    }
    for (equation, pull) in recorded.reversed() {
      let incoming = equation.outputs.map { sums[$0] }
      if incoming.allSatisfy({ $0 == nil }) { continue }
      for (variable, cotangent) in zip(equation.inputs, pull(incoming)) {
        accumulate(variable, cotangent)
      }
    }
    return program.inputs.map { sums[$0] }
  }
}
