/// Elementwise functions of one floating-point operand.
package enum UnaryOperation: String, Sendable, Hashable, CaseIterable {
  case negate, absolute, sign, exp, log, sqrt, tanh, sigmoid, softplus, sin, cos
}

/// Elementwise functions of two operands of one type.
package enum BinaryOperation: String, Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, power
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
public enum MemoryPolicy: String, Sendable, Hashable, CaseIterable {
  /// Every intermediate value that the reverse sweep reads.
  case storeAll
  /// Only the carried state; the rest of a step is computed again.
  case everyStep
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

/// What a map makes of one output of its tasks.
package enum MapOutput: String, Sendable, Hashable {
  case stacked, summed
}

/// A loop without a carry: `body` maps (constants, slices) to outputs, stacked or summed.
///
/// A lowered map runs `block` tasks at once: its body takes and returns stacks of that many tasks
/// (sums for summed outputs), and `remainder` does the same for what is left over.
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
  case sum([Int])
  case reduceMaximum([Int])
  /// Matrix products over equal leading axes, with either operand transposed in its last two.
  case product(transposeLeft: Bool, transposeRight: Bool)
  case stopGradient
  case scan(Scan)
  case map(MapLoop)
}
