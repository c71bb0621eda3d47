/// The value of a constant: one number everywhere, or an array.
package enum Constant: Sendable, Hashable {
  case splat(Double)
  case array(Buffer)
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
  /// The places, int32, of the first `count` elements along the last axis in ascending or
  /// descending order: of equal ones the earlier first, what is not a number last.
  case order(count: Int, descending: Bool)
  /// The lower triangular factors of symmetric positive definite matrices, the last two axes.
  case cholesky
  /// The solutions X of A · X = B, or of Aᵀ · X = B, for triangular matrices A and matrices B over
  /// equal leading axes; what stands on the other side of A's diagonal is not read.
  case triangularSolve(lower: Bool, transposed: Bool)
  case stopGradient
  case scan(Scan)
  case checkpointedReverse(CheckpointedReverse)
  case map(MapLoop)
}

// MARK: Families

// Tables that have rows for a family alone switch over the family, so that a new primitive of it
// does not compile until they have its row either.
extension Primitive {
  /// The primitive among the elementwise ones; nil for all others.
  package var elementwise: ElementwisePrimitive? {
    switch self {
    case .unary(let operation): .unary(operation)
    case .binary(let operation): .binary(operation)
    case .compare(let comparison): .compare(comparison)
    case .select: .select
    case .constant, .convert, .reshape, .transpose, .broadcast, .slice, .pad, .concatenate, .gather,
      .scatterAdd, .patches, .foldPatches, .sum, .reduceMaximum, .product, .order, .cholesky,
      .triangularSolve, .stopGradient, .scan, .checkpointedReverse, .map:
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
      .reduceMaximum, .product, .order, .cholesky, .triangularSolve, .stopGradient:
      nil
    }
  }

  /// Whether a derivative can pass from operands to results.
  package var isDifferentiable: Bool {
    switch self {
    case .constant, .compare, .order, .stopGradient: false
    case .unary(let operation): !operation.isConstantBetweenJumps
    case .convert(let scalar): scalar.isFloatingPoint
    case .binary, .select, .reshape, .transpose, .broadcast, .slice, .pad, .concatenate, .gather,
      .scatterAdd, .patches, .foldPatches, .sum, .reduceMaximum, .product, .cholesky,
      .triangularSolve, .scan, .checkpointedReverse, .map:
      true
    }
  }
}
