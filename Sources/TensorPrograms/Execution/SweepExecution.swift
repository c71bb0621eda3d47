import Foundation

extension Loops {
  /// Runs a reverse sweep in the order of its schedule. The state that the loop starts from is the
  /// first snapshot where it lies; the others are in the arena.
  static func run(_ sweep: CheckpointedSweep, _ outer: Workspace, _ inner: [Workspace]) {
    let (forward, backward) = (inner[0], inner[1])
    let (states, adjoints) = (forward.bases, backward.bases)
    let carryCount = sweep.carries.count
    let firstCarry = Plan.inputBase(sweep.constants.count)
    let firstSlice = firstCarry + carryCount
    let firstState = sweep.advance.outputBase(0)
    let firstAdjoint = firstSlice + sweep.slices.count
    let firstCotangent = firstAdjoint + sweep.adjoints.count
    let firstResult = sweep.adjoint.outputBase(0)

    for (position, location) in sweep.constants.enumerated() {
      states[Plan.inputBase(position)] = outer.address(location)
      adjoints[Plan.inputBase(position)] = outer.address(location)
    }
    for carry in 0..<carryCount {
      begin(
        sweep.carries[carry], states, firstCarry + carry, firstState + carry, steps: 0,
        result: outer.address(sweep.states[carry]), outer)
    }
    for adjoint in sweep.adjoints.indices {
      begin(
        sweep.adjoints[adjoint], adjoints, firstAdjoint + adjoint, firstResult + adjoint,
        steps: sweep.length, result: outer.address(sweep.results[adjoint]), outer)
      memcpy(
        adjoints[firstAdjoint + adjoint]!, outer.address(sweep.adjointStarts[adjoint]),
        sweep.adjointBytes[adjoint])
    }
    func point(
      _ bases: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ first: Int,
      to locations: ArraySlice<Location>, _ bytes: [Int], at row: Int
    ) {
      for (position, location) in locations.enumerated() {
        bases[first + position] = outer.address(location) + row * bytes[position]
      }
    }
    func kept(_ carry: Int, _ slot: Int) -> UnsafeMutableRawPointer {
      slot == 0
        ? outer.address(sweep.starts[carry])
        : outer.address(sweep.kept[carry]) + (slot - 1) * sweep.carryBytes[carry]
    }

    forward.beginSteps()
    backward.beginSteps()
    forward.schedule.restart()
    while let action = forward.schedule.next() {
      switch action {
      case .advance(let from, let to):
        for step in from..<to {
          let row = sweep.reversed ? sweep.length - 1 - step : step
          point(states, firstSlice, to: sweep.slices[...], sweep.sliceBytes, at: row)
          Executor.run(forward)
          forward.endStep()
          for carry in 0..<carryCount {
            pass(sweep.carries[carry], states, firstCarry + carry, firstState + carry)
          }
          forward.advancedSteps += 1
        }
      case .snapshot(let slot):
        for carry in 0..<carryCount {
          memcpy(kept(carry, slot), states[firstCarry + carry]!, sweep.carryBytes[carry])
        }
      case .restore(let slot):
        for carry in 0..<carryCount {
          memcpy(states[firstCarry + carry]!, kept(carry, slot), sweep.carryBytes[carry])
        }
      case .adjoint(let step):
        let row = sweep.reversed ? sweep.length - 1 - step : step
        for carry in 0..<carryCount { adjoints[firstCarry + carry] = states[firstCarry + carry] }
        point(adjoints, firstSlice, to: sweep.slices[...], sweep.sliceBytes, at: row)
        point(adjoints, firstCotangent, to: sweep.cotangents[...], sweep.cotangentBytes, at: row)
        point(
          adjoints, firstResult + sweep.adjoints.count,
          to: sweep.results[sweep.adjoints.count...], sweep.outputBytes, at: row)
        Executor.run(backward)
        backward.endStep()
        for adjoint in sweep.adjoints.indices {
          pass(sweep.adjoints[adjoint], adjoints, firstAdjoint + adjoint, firstResult + adjoint)
        }
      }
    }
  }
}
