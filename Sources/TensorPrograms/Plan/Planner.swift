extension Plan {
  /// Plans a simplified program: orders its equations, plans the loops among them, chooses where
  /// every value lies, and writes the kernels.
  ///
  /// - Parameters:
  ///   - carried: outputs that may overwrite inputs, as a loop's do.
  ///   - stacks: whether a loop stacks the outputs behind them.
  ///   - isTask: whether the program is of a map, whose tasks leave no worker idle.
  package static func make(
    _ program: Program, carried: [Carried] = [], stacks: Bool = false, isTask: Bool = false
  ) -> Plan {
    let schedule = Schedule(program.loweredForPlanning().compacted(), carried: carried)
    var loops: [Int: LoopPlan] = [:]
    for case .single(let position) in schedule.groups {
      loops[position] = schedule.program.equations[position].primitive.loop.map {
        LoopPlan($0, isTask: isTask)
      }
    }
    let places = Places(schedule, carried: carried, stacks: stacks, loops: loops)
    let writer = KernelWriter(places, loops: loops)
    return Plan(
      kernels: writer.kernels, memory: writer.memory, inputTypes: schedule.program.inputTypes,
      outputTypes: schedule.program.outputTypes, constants: places.constants.buffer(),
      arenaBytes: places.arenaBytes, passing: places.passing)
  }
}
