/// A loop's step cut in two: the loops in it that do not wait for what it carries, with all that
/// they need, and the rest.
///
/// The first can run a step ahead of the second. So it is where the steps of a segment are computed
/// again before its reverse sweep, which alone waits for the sweep of the segment behind it.
struct StepAhead {
  /// Loops of fewer steps are over before it is known that this pays.
  static let leastSteps = 4

  /// (constants, slices) to values that the rest reads.
  let ahead: Program
  /// (constants, carries, slices, those values) to what the step results in.
  let rest: Program

  /// Nil where one of both would be without a loop, and for loops of few steps.
  init?(_ scan: Scan) {
    guard scan.length >= StepAhead.leastSteps else { return nil }
    let body = scan.body
    let carries = scan.constants..<scan.constants + scan.carries
    let waits = body.reach(from: body.inputs.indices.map { carries.contains($0) })
    func isLoop(_ equation: Equation) -> Bool {
      if case .scan = equation.primitive { true } else { false }
    }
    func runsAhead(_ equation: Equation) -> Bool {
      isLoop(equation) && !equation.outputs.contains { waits[$0] }
    }
    guard body.equations.contains(where: runsAhead),
      body.equations.contains(where: { isLoop($0) && !runsAhead($0) })
    else { return nil }

    var isAhead = [Bool](repeating: false, count: body.types.count)
    for equation in body.equations.reversed()
    where runsAhead(equation) || equation.outputs.contains(where: { isAhead[$0] }) {
      for variable in equation.inputs + equation.outputs { isAhead[variable] = true }
    }
    // What takes no memory of its own is not handed over: the rest has it again.
    func isHandedOver(_ equation: Equation) -> Bool {
      guard isAhead[equation.outputs[0]] else { return false }
      switch equation.primitive {
      case .constant, .broadcast, .reshape, .slice: return false
      default: return true
      }
    }
    var needed = Set(body.outputs)
    var ofRest: [Equation] = []
    var handedOver: [Int] = []
    for equation in body.equations.reversed() where !needed.isDisjoint(with: equation.outputs) {
      if isHandedOver(equation) {
        handedOver += equation.outputs.filter { needed.contains($0) }
      } else {
        ofRest.append(equation)
        needed.formUnion(equation.inputs)
      }
    }

    var ahead = body
    ahead.inputs.removeSubrange(carries)
    ahead.outputs = handedOver
    self.ahead = ahead.withoutDeadCode()
    var rest = body
    rest.inputs += handedOver
    rest.equations = ofRest.reversed()
    self.rest = rest
  }
}
