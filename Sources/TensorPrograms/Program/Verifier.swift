/// What is wrong with a program that a transform produced.
package struct ProgramError: Error, Equatable, CustomStringConvertible {
  package let description: String
}

extension Program {
  /// Checks that every variable is defined once and before its use, and that every equation has the
  /// types that the shape rules give; loop bodies included. Tests run it after every transform.
  package func verify() throws(ProgramError) {
    var defined = [Bool](repeating: false, count: types.count)
    func define(_ variable: Int, _ place: String) throws(ProgramError) {
      guard types.indices.contains(variable) else {
        throw ProgramError(description: "\(place) defines %\(variable), which has no type")
      }
      guard !defined[variable] else {
        throw ProgramError(description: "\(place) defines %\(variable) again")
      }
      defined[variable] = true
    }
    func use(_ variable: Int, _ place: String) throws(ProgramError) {
      guard types.indices.contains(variable), defined[variable] else {
        throw ProgramError(description: "\(place) uses %\(variable), which is not defined there")
      }
    }
    for input in inputs { try define(input, "the input list") }
    for (position, equation) in equations.enumerated() {
      let place = "equation \(position) (\(equation.primitive.name))"
      for input in equation.inputs { try use(input, place) }
      let expected = equation.primitive.resultTypes(equation.inputs.map { types[$0] })
      guard equation.outputs.count == expected.count else {
        throw ProgramError(
          description: "\(place) defines \(equation.outputs.count) variables, not \(expected.count)"
        )
      }
      for (output, type) in zip(equation.outputs, expected) {
        try define(output, place)
        guard types[output] == type else {
          throw ProgramError(
            description: "\(place) gives %\(output) the type \(types[output]), not \(type)")
        }
      }
      switch equation.primitive.loop {
      case .scan(let scan): try scan.body.verify()
      case .checkpointedReverse(let sweep):
        try sweep.body.verify()
        let isLate = sweep.body.inputs.indices.map { $0 >= sweep.adjointStart }
        let reached = sweep.body.reach(from: isLate)
        guard !sweep.body.outputs.prefix(sweep.carries).contains(where: { reached[$0] }) else {
          throw ProgramError(description: "\(place) advances by what only its pullback knows")
        }
      case .map(let map):
        try map.body.verify()
        try map.remainder?.body.verify()
      case nil: break
      }
    }
    for output in outputs { try use(output, "the output list") }
  }
}
