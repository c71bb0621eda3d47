// What depends on what in a program.

extension Program {
  /// Which variables depend on the marked inputs, one flag a variable.
  package func reach(from marked: [Bool]) -> [Bool] {
    reach(from: marked, through: { _ in true }, to: { _ in true })
  }

  /// Which floating-point variables a derivative reaches from the marked inputs: a loop that is
  /// reached also has results of other types, which are not.
  package func derivativeReach(from marked: [Bool]) -> [Bool] {
    reach(
      from: marked, through: \.isDifferentiable, to: { types[$0].scalar.isFloatingPoint })
  }

  private func reach(
    from marked: [Bool], through passes: (Primitive) -> Bool, to isReached: (Int) -> Bool
  ) -> [Bool] {
    var reached = [Bool](repeating: false, count: types.count)
    for (input, mark) in zip(inputs, marked) where mark && isReached(input) {
      reached[input] = true
    }
    for equation in equations
    where passes(equation.primitive) && equation.inputs.contains(where: { reached[$0] }) {
      for output in equation.outputs where isReached(output) { reached[output] = true }
    }
    return reached
  }

  /// Which variables some of the outputs, by default all, depend on, these outputs included.
  package func variables(neededFor marked: [Bool]? = nil) -> [Bool] {
    var needed = [Bool](repeating: false, count: types.count)
    for (position, output) in outputs.enumerated() where marked?[position] ?? true {
      needed[output] = true
    }
    for equation in equations.reversed() where equation.outputs.contains(where: { needed[$0] }) {
      for input in equation.inputs { needed[input] = true }
    }
    return needed
  }

  /// The program without the equations that no output needs.
  package func withoutDeadCode() -> Program {
    let needed = variables(neededFor: nil)
    var result = self
    result.equations.removeAll { !$0.outputs.contains { needed[$0] } }
    return result
  }
}
