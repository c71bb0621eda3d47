import Foundation

/// Runs loop kernels: sets the pointers of the body's operands and results, step by step.
enum Loops {
  static func run(_ loop: ScanLoop, _ outer: Workspace, _ inner: Workspace) {
    let body = loop.body
    let bases = inner.bases
    let carryCount = loop.carries.count
    for (position, location) in loop.constants.enumerated() {
      bases[Plan.inputBase(position)] = outer.address(location)
    }
    let firstCarry = Plan.inputBase(loop.constants.count)
    let firstSlice = firstCarry + carryCount
    let firstResult = body.outputBase(0)
    func place(_ carry: Int, _ output: Int, _ step: Int) -> UnsafeMutableRawPointer {
      outer.address(loop.results[output]) + loop.row(of: step) * loop.carryBytes[carry]
    }
    for carry in 0..<carryCount {
      let (operand, start) = (firstCarry + carry, outer.address(loop.starts[carry]))
      switch loop.carries[carry] {
      case .inPlace, .alternating:
        begin(
          loop.carries[carry], bases, operand, firstResult + carry, steps: loop.length,
          result: outer.address(loop.results[carry]), outer)
        memcpy(bases[operand]!, start, loop.carryBytes[carry])
      case .throughRowBefore(let output):
        let first =
          loop.length > 0 ? place(carry, output, 0) : outer.address(loop.results[carry])
        bases[firstResult + carry] = first
        memcpy(first, start, loop.carryBytes[carry])
      case .throughRowAfter: bases[firstResult + carry] = start
      }
    }
    inner.beginSteps()
    var isPrepared = false
    for step in 0..<loop.length {
      let row = loop.row(of: step)
      for carry in 0..<carryCount {
        // What the last step wrote is what this one reads.
        switch loop.carries[carry] {
        case .inPlace, .alternating: break
        case .throughRowBefore(let output):
          bases[firstCarry + carry] = bases[firstResult + carry]
          bases[firstResult + carry] =
            step + 1 < loop.length
            ? place(carry, output, step + 1) : outer.address(loop.results[carry])
        case .throughRowAfter(let output):
          bases[firstCarry + carry] = bases[firstResult + carry]
          bases[firstResult + carry] = place(carry, output, step)
        }
      }
      for position in loop.slices.indices {
        bases[firstSlice + position] =
          outer.address(loop.slices[position]) + row * loop.sliceBytes[position]
      }
      for position in loop.outputBytes.indices {
        bases[firstResult + carryCount + position] =
          outer.address(loop.results[carryCount + position]) + row * loop.outputBytes[position]
      }
      if let ahead = inner.ahead {
        runStep(step, of: loop, inner, ahead, isPrepared: &isPrepared, outer)
      } else {
        Executor.run(inner)
      }
      inner.endStep()
      for carry in 0..<carryCount {
        pass(loop.carries[carry], bases, firstCarry + carry, firstResult + carry)
      }
    }
    for carry in 0..<carryCount {
      guard case .throughRowAfter = loop.carries[carry] else { continue }
      memcpy(
        outer.address(loop.results[carry]), bases[firstResult + carry]!, loop.carryBytes[carry])
    }
  }

  /// Points a carry's operand and result to where so many exchanges bring it to its result.
  static func begin(
    _ carry: ScanLoop.Carry, _ bases: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
    _ operand: Int, _ next: Int, steps: Int, result: UnsafeMutableRawPointer, _ outer: Workspace
  ) {
    switch carry {
    case .inPlace: (bases[operand], bases[next]) = (result, result)
    case .alternating(let temporary):
      let other = outer.address(temporary)
      (bases[operand], bases[next]) = steps % 2 == 0 ? (result, other) : (other, result)
    case .throughRowBefore, .throughRowAfter: fatalError("rows are passed by the loop itself")
    }
  }

  /// Makes a step's result the next step's operand.
  @inline(__always)
  static func pass(
    _ carry: ScanLoop.Carry, _ bases: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
    _ operand: Int, _ next: Int
  ) {
    guard case .alternating = carry else { return }
    let pointer = bases[next]
    bases[next] = bases[operand]
    bases[operand] = pointer
  }
}
