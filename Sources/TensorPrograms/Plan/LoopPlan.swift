/// The plans of what a loop runs.
enum LoopPlan {
  /// A step, and what of it can run ahead.
  case scan(ahead: Plan?, body: Plan)
  case checkpointedReverse(advance: Plan, adjoint: Plan)
  case map(body: Plan, remainder: Plan?)

  /// - Parameter isTask: whether the loop is in a map, whose tasks leave no worker idle.
  init(_ loop: LoopPrimitive, isTask: Bool) {
    switch loop {
    case .scan(let scan):
      let (ahead, body) = LoopPlan.step(of: scan, isTask: isTask)
      self = .scan(ahead: ahead, body: body)
    case .checkpointedReverse(let sweep):
      self = .checkpointedReverse(
        advance: Plan.make(
          sweep.advance, carried: Array(sweep.carried.prefix(sweep.carries)), isTask: isTask),
        // The pullback only reads the state: the loop goes on from it.
        adjoint: Plan.make(
          sweep.adjoint,
          carried: sweep.carried.dropFirst(sweep.carries).map {
            Carried(output: $0.output - sweep.carries, input: $0.input)
          }, isTask: isTask))
    case .map(let map):
      self = .map(
        body: Plan.make(map.body, isTask: true),
        remainder: map.remainder.map { Plan.make($0.body, isTask: true) })
    }
  }

  /// A loop's step, with what of it can run ahead where that may be worth another worker's while:
  /// not where workers can share kernels so long that nothing is better.
  private static func step(of scan: Scan, isTask: Bool) -> (ahead: Plan?, body: Plan) {
    if !isTask, let step = StepAhead(scan) {
      let (ahead, rest) = (
        Plan.make(step.ahead), Plan.make(step.rest, carried: scan.carried, stacks: true)
      )
      if !ahead.isSharingCertain, !rest.isSharingCertain { return (ahead, rest) }
    }
    return (nil, Plan.make(scan.body, carried: scan.carried, stacks: true, isTask: isTask))
  }
}
