extension Program {
  /// The program in the form that planning expects: no gradient marks, and reductions over one run
  /// of neighboring axes each, the last run first.
  func loweredForPlanning() -> Program {
    var result = Program()
    var names = [Int](repeating: -1, count: types.count)
    for input in inputs {
      names[input] = result.define(types[input])
      result.inputs.append(names[input])
    }
    for equation in equations {
      let operands = equation.inputs.map { names[$0] }
      switch equation.primitive {
      case .stopGradient:
        names[equation.outputs[0]] = operands[0]
      case .sum(let axes):
        names[equation.outputs[0]] = result.reduceRuns(operands[0], axes) { .sum($0) }
      case .reduceMaximum(let axes):
        names[equation.outputs[0]] = result.reduceRuns(operands[0], axes) { .reduceMaximum($0) }
      default:
        for (old, new) in zip(equation.outputs, result.append(equation.primitive, operands)) {
          names[old] = new
        }
      }
    }
    result.outputs = outputs.map { names[$0] }
    return result
  }

  private mutating func reduceRuns(
    _ operand: Int, _ axes: [Int], _ primitive: ([Int]) -> Primitive
  ) -> Int {
    var variable = operand
    var remaining = axes.sorted()
    while let last = remaining.popLast() {
      var run = [last]
      // Axes of extent one belong to any run.
      while let next = remaining.last {
        let between = types[variable].shape.extents[(next + 1)..<run[0]]
        guard between.allSatisfy({ $0 == 1 }) else { break }
        run.insert(next, at: 0)
        remaining.removeLast()
      }
      variable = append(primitive(run), [variable])[0]
    }
    return variable
  }
}
