extension Loops {
  /// Runs a step of which a part can run ahead: that part, unless the last step's run prepared it,
  /// and the rest, where another worker is there beside the next step's part.
  static func runStep(
    _ step: Int, of loop: ScanLoop, _ inner: Workspace, _ ahead: StepAheadWorkspace,
    isPrepared: inout Bool, _ outer: Workspace
  ) {
    if !isPrepared {
      point(ahead, at: step, of: loop, outer)
      Executor.run(ahead.workspace)
    }
    let first = Plan.inputBase(loop.body.inputTypes.count - ahead.workspace.plan.outputTypes.count)
    for value in ahead.workspace.plan.outputTypes.indices {
      inner.bases[first + value] = ahead.place(value, of: step)
    }
    if let partner = inner.partner, step + 1 < loop.length {
      point(ahead, at: step + 1, of: loop, outer)
      partner.runBesideAhead(inner)
      isPrepared = true
    } else {
      Executor.run(inner)
      isPrepared = false
    }
  }

  /// Sets the pointers of what runs ahead: a step's operands, and the places of its results.
  private static func point(
    _ ahead: StepAheadWorkspace, at step: Int, of loop: ScanLoop, _ outer: Workspace
  ) {
    let (bases, plan) = (ahead.workspace.bases, ahead.workspace.plan)
    for (position, location) in loop.constants.enumerated() {
      bases[Plan.inputBase(position)] = outer.address(location)
    }
    let firstSlice = Plan.inputBase(loop.constants.count)
    for (position, location) in loop.slices.enumerated() {
      bases[firstSlice + position] =
        outer.address(location) + loop.row(of: step) * loop.sliceBytes[position]
    }
    for value in plan.outputTypes.indices {
      bases[plan.outputBase(value)] = ahead.place(value, of: step)
    }
  }
}
