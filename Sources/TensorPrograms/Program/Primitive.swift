/// Elementwise functions of one floating-point operand.
package enum UnaryOperation: String, Sendable, Hashable, CaseIterable {
  case negate, absolute, sign, relu, exp, log, sqrt, tanh, sigmoid, softplus, sin, cos
}

/// Elementwise functions of two operands of one type.
package enum BinaryOperation: String, Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, power
  /// The second operand where the first is positive, 0 elsewhere: how derivatives pass a relu.
  case gate
}

/// Elementwise comparisons; the result is 1 or 0 in the operands' type.
package enum Comparison: String, Sendable, Hashable, CaseIterable {
  case equal, less, lessOrEqual
}

/// The value of a constant: one number everywhere, or an array.
package enum Constant: Sendable, Hashable {
  case splat(Double)
  case array(Buffer)
}

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
}

/// The reverse sweep of a loop that keeps few states and advances the loop from them again, in the
/// order of `BinomialSchedule`.
///
/// `body` is a step of the loop together with its pullback. It maps (constants, carries, slices,
/// adjoints, cotangents) to (carries, adjoints, outputs): carries and slices are the loop's own,
/// adjoints are carried the other way, cotangents are further slices. Carries follow from constants,
/// carries and slices alone. Operands stand in the body's order; results are the last adjoints and
/// the stacked outputs.
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

  /// The input of the body that becomes its output at the given position: a carry or an adjoint.
  package func carryInput(_ output: Int) -> Int {
    output < carries ? constants + output : adjointStart + output - carries
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
public enum MapOutput: String, Sendable, Hashable {
  /// Rows behind a leading axis of tasks.
  case stacked
  /// Their sum, whose bits do not depend on how many workers add it up.
  case summed
}

/// A loop without a carry: `body` maps (constants, slices) to outputs, stacked or summed.
///
/// A lowered map runs `block` tasks at once: its body takes and returns stacks of that many tasks
/// (sums for summed outputs), and `remainder` does the same for the last tasks where they are fewer, or a
/// few more.
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

/// The closed set of operations of a program. Every transform is an exhaustive `switch` over it, so
/// that a new primitive does not compile until each table has its row.
package indirect enum Primitive: Sendable, Hashable {
  case constant(Constant, TensorType)
  case unary(UnaryOperation)
  case binary(BinaryOperation)
  case compare(Comparison)
  /// The second operand where the first is not zero, elsewhere the third.
  case select
  case convert(ScalarType)
  case reshape(Shape)
  /// Axis i of the result is axis `order[i]` of the operand.
  case transpose([Int])
  /// Axis i of the operand is axis `axes[i]` of the result; the axes ascend.
  case broadcast(Shape, axes: [Int])
  case slice(starts: [Int], limits: [Int])
  /// Zeros before and after, along each axis.
  case pad(low: [Int], high: [Int])
  case concatenate(axis: Int)
  /// Rows of [batch…, rows, …] by indices [batch…, count]; `batch` leading axes are shared.
  case gather(batch: Int)
  /// The adjoint of `gather`: adds rows [batch…, count, …] at indices into zeros of `rows` rows.
  case scatterAdd(batch: Int, rows: Int)
  /// Images [batch, height, width, channel] to what windows over them contain:
  /// [batch, rows, columns, window height · window width · channel].
  case patches(Windows)
  /// The adjoint of `patches`: adds the contents of windows up to images of so many pixels.
  case foldPatches(Windows, height: Int, width: Int)
  case sum([Int])
  case reduceMaximum([Int])
  /// Matrix products over equal leading axes, with either operand transposed in its last two.
  case product(transposeLeft: Bool, transposeRight: Bool)
  case stopGradient
  case scan(Scan)
  case checkpointedReverse(CheckpointedReverse)
  case map(MapLoop)
}

// MARK: Families

/// The primitives that work element by element.
package enum ElementwisePrimitive: Sendable, Hashable {
  case unary(UnaryOperation)
  case binary(BinaryOperation)
  case compare(Comparison)
  /// The second operand where the first is not zero, elsewhere the third.
  case select
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

// Tables that have rows for a family alone switch over the family, so that a new primitive of it does
// not compile until they have its row either.
extension Primitive {
  /// The primitive among the elementwise ones; nil for all others.
  package var elementwise: ElementwisePrimitive? {
    switch self {
    case .unary(let operation): .unary(operation)
    case .binary(let operation): .binary(operation)
    case .compare(let comparison): .compare(comparison)
    case .select: .select
    case .constant, .convert, .reshape, .transpose, .broadcast, .slice, .pad, .concatenate, .gather,
      .scatterAdd, .patches, .foldPatches, .sum, .reduceMaximum, .product, .stopGradient, .scan,
      .checkpointedReverse, .map:
      nil
    }
  }

  /// The primitive among the loops; nil for all others.
  package var loop: LoopPrimitive? {
    switch self {
    case .scan(let scan): .scan(scan)
    case .checkpointedReverse(let sweep): .checkpointedReverse(sweep)
    case .map(let map): .map(map)
    case .constant, .unary, .binary, .compare, .select, .convert, .reshape, .transpose, .broadcast,
      .slice, .pad, .concatenate, .gather, .scatterAdd, .patches, .foldPatches, .sum,
      .reduceMaximum, .product, .stopGradient:
      nil
    }
  }
}
