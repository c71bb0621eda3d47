/// Who defines and who reads each variable of a program: what every pass asks that moves, fuses or
/// drops equations.
package struct Uses: Sendable {
  /// The program that is meant.
  package let program: Program
  /// -1 for inputs.
  private var definitions: [Int]
  private var readers: [[Int]]
  private var outputs: [Bool]

  package init(_ program: Program) {
    self.program = program
    definitions = [Int](repeating: -1, count: program.types.count)
    readers = [[Int]](repeating: [], count: program.types.count)
    outputs = [Bool](repeating: false, count: program.types.count)
    for (position, equation) in program.equations.enumerated() {
      for output in equation.outputs { definitions[output] = position }
      for input in equation.inputs { readers[input].append(position) }
    }
    for output in program.outputs { outputs[output] = true }
  }

  /// The position of the equation that defines a variable; nil for inputs.
  package func position(defining variable: Int) -> Int? {
    definitions[variable] < 0 ? nil : definitions[variable]
  }

  /// The equation that defines a variable; nil for inputs.
  package func equation(defining variable: Int) -> Equation? {
    position(defining: variable).map { program.equations[$0] }
  }

  /// The positions of the equations that read a variable, in order, twice where one reads it twice.
  package func readers(of variable: Int) -> [Int] { readers[variable] }

  /// Whether a variable is an output of the program.
  package func isOutput(_ variable: Int) -> Bool { outputs[variable] }

  /// Whether one equation reads a variable, once, and nobody else wants it.
  package func isReadOnce(_ variable: Int) -> Bool {
    readers[variable].count == 1 && !outputs[variable]
  }

  /// Whether anybody wants a variable.
  package func isUsed(_ variable: Int) -> Bool {
    outputs[variable] || !readers[variable].isEmpty
  }
}
