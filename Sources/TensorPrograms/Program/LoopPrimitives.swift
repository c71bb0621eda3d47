/// What the reverse rule of a loop keeps from its forward sweep.
public enum MemoryPolicy: Sendable, Hashable, CustomStringConvertible {
  /// Every intermediate value that the reverse sweep reads.
  case storeAll
  /// Only the carried state; the rest of a step is computed again.
  case everyStep
  /// The carried state at a few steps, this many at a time; the loop is advanced from them again,
  /// as rarely as any schedule can.
  case binomial(snapshots: Int)

  /// `storeAll`, `everyStep` or `binomial 64`.
  public var description: String {
    switch self {
    case .storeAll: "storeAll"
    case .everyStep: "everyStep"
    case .binomial(let snapshots): "binomial \(snapshots)"
    }
  }
}

/// A loop with a carry: `body` maps (constants, carries, slices) to (carries, outputs).
///
/// Slices are the operands' rows at the current step; outputs are stacked along a new first axis.
package struct Scan: Sendable, Hashable {
  package var body: Program
  package var constants: Int
  package var carries: Int
  package var slices: Int
  package var length: Int
  package var reversed: Bool
  package var policy: MemoryPolicy

  /// How many stacked outputs a step has.
  package var outputs: Int { body.outputs.count - carries }

  /// Where the carries stand in the body.
  package var carried: [Carried] {
    (0..<carries).map { Carried(output: $0, input: constants + $0) }
  }
}

/// The reverse sweep of a loop that keeps few states and advances the loop from them again, in the
/// order of `BinomialSchedule`.
///
/// `body` is a step of the loop together with its pullback. It maps (constants, carries, slices,
/// adjoints, cotangents) to (carries, adjoints, outputs): carries and slices are the loop's own,
/// adjoints are carried the other way, cotangents are further slices. Carries follow from
/// constants, carries and slices alone. Operands stand in the body's order; results are the last
/// adjoints and the stacked outputs.
package struct CheckpointedReverse: Sendable, Hashable {
  package var body: Program
  package var constants: Int
  package var carries: Int
  package var slices: Int
  package var adjoints: Int
  package var cotangents: Int
  package var length: Int
  /// Whether the loop that is swept runs from the last row to the first.
  package var reversed: Bool
  package var snapshots: Int

  /// How many stacked outputs a step has.
  package var outputs: Int { body.outputs.count - carries - adjoints }
  /// Where the adjoints stand among the operands.
  package var adjointStart: Int { constants + carries + slices }

  /// Where carries and, behind them, adjoints stand in the body.
  package var carried: [Carried] {
    (0..<carries).map { Carried(output: $0, input: constants + $0) }
      + (0..<adjoints).map { Carried(output: carries + $0, input: adjointStart + $0) }
  }

  /// The step alone: (constants, carries, slices) to carries.
  package var advance: Program {
    var program = body
    program.inputs = Array(body.inputs.prefix(adjointStart))
    program.outputs = Array(body.outputs.prefix(carries))
    return program.withoutDeadCode()
  }

  /// The pullback with what it needs of the step: all inputs to adjoints and outputs.
  package var adjoint: Program {
    var program = body
    program.outputs = Array(body.outputs.dropFirst(carries))
    return program.withoutDeadCode()
  }
}

/// What a map makes of one output of its tasks.
package enum MapOutput: String, Sendable, Hashable {
  /// Rows behind a leading axis of tasks.
  case stacked
  /// Their sum, whose bits do not depend on how many workers add it up.
  case summed
}

/// A loop without a carry: `body` maps (constants, slices) to outputs, stacked or summed.
///
/// A lowered map runs `block` tasks at once: its body takes and returns stacks of that many tasks
/// (sums for summed outputs), and `remainder` does the same for the last tasks where they are
/// fewer, or a few more.
package struct MapLoop: Sendable, Hashable {
  package struct Remainder: Sendable, Hashable {
    package var body: Program
    package var count: Int
  }
  package var body: Program
  package var constants: Int
  package var slices: Int
  package var length: Int
  package var outputs: [MapOutput]
  /// Tasks a block; nil before lowering, when the body is one task's.
  package var block: Int?
  package var remainder: Remainder?
}

/// The primitives that have a program inside.
package enum LoopPrimitive: Sendable, Hashable {
  case scan(Scan)
  case checkpointedReverse(CheckpointedReverse)
  case map(MapLoop)

  /// The program of one step or task.
  package var body: Program {
    switch self {
    case .scan(let scan): scan.body
    case .checkpointedReverse(let sweep): sweep.body
    case .map(let map): map.body
    }
  }
}
