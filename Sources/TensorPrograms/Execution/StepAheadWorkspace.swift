/// What the part of a loop's step that can run ahead needs: memory to run in, and places for the
/// values that it hands over.
///
/// `@unchecked Sendable`: belongs to one run, whose workers hand it to one another.
final class StepAheadWorkspace: @unchecked Sendable {
  let workspace: Workspace
  /// What is handed over, of one step behind that of the next.
  private let values: UnsafeMutableRawPointer
  private let valueBytes: Int
  /// Where each value lies in that of a step.
  private let offsets: [Int]
  private let steps: Int

  init(_ plan: Plan, on execution: Execution, workers: Int) {
    workspace = Workspace(plan, on: execution, workers: workers, isDecided: true)
    steps = Plan.stepsKept(workers: workers)
    var offsets: [Int] = []
    var end = 0
    for type in plan.outputTypes {
      offsets.append(end)
      end += Buffer.aligned(type.byteCount)
    }
    self.offsets = offsets
    valueBytes = steps * end
    values = Workspace.allocateArena(valueBytes, execution.pool)
  }

  deinit {
    values.deallocate()
    MemoryAllowance.giveBack(valueBytes)
  }

  /// Where a value of a step lies.
  func place(_ value: Int, of step: Int) -> UnsafeMutableRawPointer {
    values + (step % steps) * workspace.plan.outputBytes + offsets[value]
  }
}
