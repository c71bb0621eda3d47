/// The reverse rule of a loop with a carry.
///
/// The step's pullback is traced once, together with the step, and split by dependence on the
/// cotangents: what does not depend on them runs in a forward loop that emits residuals, the rest
/// in a loop that runs the other way. Loop constants and slices are never stored again. Both loops
/// are ordinary ones, so the rule can be differentiated in turn. Under the policy `binomial` there
/// are no residuals: step and pullback go whole into a sweep that advances the loop again.
func reverseRule(_ scan: Scan, _ x: [Tensor], active: [Bool]) -> Pullback {
  let step = StepPullback(scan, active: active)
  var forward = scan
  forward.body = step.forward
  let results = Tensor.apply(.scan(forward), x)
  let outputs = Array(results.prefix(scan.body.outputs.count))
  let residuals = Array(results.dropFirst(scan.body.outputs.count))
  return Pullback(outputs: outputs) { cotangents in
    step.pull(cotangents, outputs: outputs, residuals: residuals, operands: x)
  }
}

/// A step of a loop together with its pullback, split into a forward and a backward half.
private struct StepPullback {
  let scan: Scan
  /// Which operands of the step are differentiated.
  let activeInputs: [Bool]
  let activeOutputs: [Bool]
  /// The step and its pullback: inputs are the step's and one cotangent for each active output;
  /// outputs are the step's and one cotangent for each active input.
  let joint: Program
  let forward: Program
  let backward: [Equation]
  let residuals: [Int]

  init(_ scan: Scan, active: [Bool]) {
    let body = scan.body
    let activeInputs = scan.activeInputs(active)
    let reached = body.derivativeReach(from: activeInputs)
    let activeOutputs = body.outputs.enumerated().map { position, variable in
      body.types[variable].scalar.isFloatingPoint
        && (position < scan.carries ? activeInputs[scan.constants + position] : reached[variable])
    }

    let outputTypes = zip(body.outputTypes, activeOutputs).filter { $1 }.map { $0.0 }
    let (traced, captures) = trace(body.inputTypes + outputTypes) { values in
      let pullback = vjp(body, Array(values.prefix(body.inputs.count)), active: activeInputs)
      var incoming = values.dropFirst(body.inputs.count).makeIterator()
      let gradients = pullback.pull(activeOutputs.map { $0 ? incoming.next()! : nil })
      return pullback.outputs
        + zip(gradients, zip(activeInputs, body.inputTypes)).filter { $1.0 }
        .map { $0 ?? .zeros($1.1) }
    }
    require(captures.isEmpty, "a loop body captures nothing")
    let joint = traced.simplified()

    let isCotangent = joint.inputs.indices.map { $0 >= body.inputs.count }
    let depends = joint.reach(from: isCotangent)
    let wanted: Set<Int>
    if case .binomial = scan.policy {
      wanted = []
    } else {
      wanted = Set(joint.outputs.dropFirst(body.outputs.count))
    }
    var needed = wanted
    var ofBackwardHalf: [Int] = []
    for (position, equation) in joint.equations.enumerated().reversed()
    where equation.outputs.contains(where: { depends[$0] && needed.contains($0) }) {
      ofBackwardHalf.append(position)
      needed.formUnion(equation.inputs)
    }
    let carryInputs = joint.inputs[scan.constants..<scan.constants + scan.carries]
    let kept = Residuals(
      joint, needed: needed.filter { !depends[$0] },
      available: Set(joint.inputs).subtracting(carryInputs),
      recomputesAll: scan.policy == .everyStep)
    residuals = kept.stored
    backward = (kept.recomputed + ofBackwardHalf).sorted().map { joint.equations[$0] }

    var forward = joint
    forward.inputs = Array(joint.inputs.prefix(body.inputs.count))
    forward.outputs = Array(joint.outputs.prefix(body.outputs.count)) + residuals
    self.forward = forward.withoutDeadCode()
    self.scan = scan
    self.activeInputs = activeInputs
    self.activeOutputs = activeOutputs
    self.joint = joint
  }

  /// Runs the backward loop: carries are the cotangents of the active carries and the sums of those
  /// of the active constants; slices are residuals, the loop's own slices, and output cotangents.
  func pull(
    _ cotangents: [Tensor?], outputs: [Tensor], residuals stored: [Tensor], operands: [Tensor]
  ) -> [Tensor?] {
    let (constants, carries) = (scan.constants, scan.carries)
    let inputTypes = scan.body.inputTypes
    let sliceStart = constants + carries
    let activeConstants = (0..<constants).filter { activeInputs[$0] }
    let activeCarries = (0..<carries).filter { activeInputs[constants + $0] }
    let activeSlices = (sliceStart..<inputTypes.count).filter { activeInputs[$0] }
    // Outputs whose cotangent is zero are zeros inside the step rather than a stack of zeros.
    let incoming = (carries..<outputs.count).filter { activeOutputs[$0] && cotangents[$0] != nil }

    let starts =
      activeCarries.map { cotangents[$0] ?? .zeros(outputs[$0].type) }
      + activeConstants.map { .zeros(inputTypes[$0]) }
    let fixed = Array(operands.prefix(constants))
    let own = Array(operands[sliceStart...])
    let given = incoming.map { cotangents[$0]! }

    /// Cotangents of the step's active outputs, from the carried ones and those in rows.
    func outputCotangents(_ state: [Tensor], _ rows: [Tensor]) -> [Tensor] {
      var (carried, given) = (state.makeIterator(), rows.makeIterator())
      return activeOutputs.indices.filter { activeOutputs[$0] }.map { position in
        position < carries
          ? carried.next()!
          : incoming.contains(position) ? given.next()! : .zeros(scan.body.outputTypes[position])
      }
    }
    /// The next carried cotangents and the slices' cotangents, from those of the step's inputs.
    func next(_ state: [Tensor], _ gradients: [Tensor]) -> (carried: [Tensor], ofSlices: [Tensor]) {
      let (ofConstants, rest) = gradients.split(at: activeConstants.count)
      let (ofCarries, ofSlices) = rest.split(at: activeCarries.count)
      let sums = state.suffix(activeConstants.count)
      return (ofCarries + zip(sums, ofConstants).map { $0 + $1 }, ofSlices)
    }

    let swept: (carried: [Tensor], ofSlices: [Tensor])
    if case .binomial(let snapshots) = scan.policy {
      let (carried, ofSlices) = Tensor.checkpointedReverse(
        Array(operands[constants..<sliceStart]), slices: own, adjoints: starts, cotangents: given,
        length: scan.length, reversed: scan.reversed, snapshots: snapshots
      ) { values, rows, state, given in
        let results = replay(joint, fixed + values + rows + outputCotangents(state, given))
        let after = next(state, Array(results.dropFirst(scan.body.outputs.count)))
        return (Array(results.prefix(carries)), after.carried, after.ofSlices)
      }
      swept = (carried, ofSlices)
    } else {
      var body = joint
      body.equations = backward
      body.outputs = Array(joint.outputs.dropFirst(scan.body.outputs.count))
      body.inputs =
        Array(joint.inputs.prefix(constants)) + residuals
        + Array(joint.inputs[sliceStart..<inputTypes.count])
        + Array(joint.inputs.dropFirst(inputTypes.count))
      let (carried, ofSlices) = Tensor.scan(
        starts, slices: stored + own + given, length: scan.length, reversed: !scan.reversed,
        policy: scan.policy
      ) { state, rows in
        let (known, given) = rows.split(at: stored.count + own.count)
        let after = next(state, replay(body, fixed + known + outputCotangents(state, given)))
        return (after.carried, after.ofSlices)
      }
      swept = (carried, ofSlices)
    }

    var gradients = [Tensor?](repeating: nil, count: operands.count)
    for (position, carry) in activeCarries.enumerated() {
      gradients[constants + carry] = swept.carried[position]
    }
    for (position, constant) in activeConstants.enumerated() {
      gradients[constant] = swept.carried[activeCarries.count + position]
    }
    for (position, slice) in activeSlices.enumerated() {
      gradients[slice] = swept.ofSlices[position]
    }
    return gradients
  }
}

extension Scan {
  /// The inputs of a step on which a derivative acts, given those of the loop: a carry is one of
  /// them when any step makes it depend on another.
  func activeInputs(_ active: [Bool]) -> [Bool] {
    body.inputs(
      marked: zip(active, body.inputTypes).map { $0 && $1.scalar.isFloatingPoint },
      spreadingBy: carried
    ) { body.derivativeReach(from: $0) }
  }
}

extension Array {
  fileprivate func split(at count: Int) -> ([Element], [Element]) {
    (Array(prefix(count)), Array(dropFirst(count)))
  }
}
