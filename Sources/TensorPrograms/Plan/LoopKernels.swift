// The kernels that run other plans.

/// A loop with a carry over a planned body.
package struct ScanLoop: Sendable {
  /// How a carry passes from step to step.
  enum Carry: Sendable {
    /// The body overwrites its operand.
    case inPlace
    /// The body reads one of two places and writes the other; the second one is a temporary.
    case alternating(Location)
    /// The body reads it in its row of a stack, that of the given output, and writes the next row.
    case throughRowBefore(output: Int)
    /// The body writes it to its row of a stack, that of the given output, and reads the last row.
    case throughRowAfter(output: Int)
  }
  var body: Plan
  /// What of a step can run a step ahead, of constants and slices: the body's last inputs are its
  /// outputs. Nil where a step is the body alone.
  var ahead: Plan?
  var length: Int
  var reversed: Bool
  var constants: [Location]
  var starts: [Location]
  var carries: [Carry]
  var carryBytes: [Int]
  var slices: [Location]
  var sliceBytes: [Int]
  /// Final carries, then stacked outputs.
  var results: [Location]
  var outputBytes: [Int]

  /// The row of slices and outputs that a step has.
  func row(of step: Int) -> Int { reversed ? length - 1 - step : step }
}

/// A reverse sweep that keeps few states, over a planned step and a planned pullback.
package struct CheckpointedSweep: Sendable {
  /// The step: constants, carries and slices to carries.
  var advance: Plan
  /// The pullback: all inputs to adjoints and outputs.
  var adjoint: Plan
  var length: Int
  /// Whether the loop that is swept runs from the last row to the first.
  var reversed: Bool
  /// States kept at a time, the one that the loop starts from included.
  var snapshots: Int
  var constants: [Location]
  /// The state that the loop starts from: the first snapshot.
  var starts: [Location]
  /// The working state, and how it passes from step to step.
  var states: [Location]
  var carries: [ScanLoop.Carry]
  var carryBytes: [Int]
  /// Where the further snapshots of each carry are, one behind the other.
  var kept: [Location]
  var slices: [Location]
  var sliceBytes: [Int]
  var adjointStarts: [Location]
  var adjoints: [ScanLoop.Carry]
  var adjointBytes: [Int]
  var cotangents: [Location]
  var cotangentBytes: [Int]
  /// Final adjoints, then stacked outputs.
  var results: [Location]
  var outputBytes: [Int]
}

/// A loop over blocks of tasks, which workers take in any order; their number orders the additions.
package struct TaskLoop: Sendable {
  var body: Plan
  var remainder: Plan?
  var remainderCount: Int
  var length: Int
  var block: Int
  var constants: [Location]
  var slices: [Location]
  var sliceBytes: [Int]
  var outputs: [MapOutput]
  var types: [TensorType]
  /// Bytes of one task's result where results are stacked, of a block's sum where they are summed.
  var resultBytes: [Int]
  var results: [Location]
  /// Where the sums of all blocks but the first are until they are added; unused for stacked
  /// results.
  var partials: [Location]

  var blocks: Int { wholeBlocks + (remainderCount > 0 ? 1 : 0) }

  /// Blocks like the first. The other one has memory of its own.
  var wholeBlocks: Int { (length - remainderCount) / block }
}
