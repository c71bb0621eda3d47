// Products of matrices, which are the last two axes of tensors.

extension Tensor {
  /// The matrix product of the last two axes. Leading axes are matched from the last backwards and
  /// repeated where they are missing or have an extent of one, as for elementwise operations.
  public func product(
    _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Tensor {
    let primitive = Primitive.product(transposeLeft: transposeLeft, transposeRight: transposeRight)
    let (leading, others) = (shape.extents.dropLast(2), right.shape.extents.dropLast(2))
    guard leading != others, rank >= 2, right.rank >= 2 else {
      return .apply(primitive, self, right)
    }
    if right.rank == 2, !transposeLeft {
      // One right matrix for all: their rows are those of one tall left matrix.
      let tall = reshaped(to: [leading.reduce(1, *) * shape[rank - 2], shape[rank - 1]])
        .product(right, transposeRight: transposeRight)
      return tall.reshaped(to: Shape(shape.extents.dropLast() + [tall.shape[1]]))
    }
    let (left, right) = Tensor.withCommonLeadingAxes(self, right, "product")
    return .apply(primitive, left, right)
  }

  /// Two stacks of matrices, repeated along leading axes that are missing or have an extent of one.
  static func withCommonLeadingAxes(
    _ left: Tensor, _ right: Tensor, _ name: String
  ) -> (Tensor, Tensor) {
    let (ofLeft, ofRight) = (left.shape.extents.dropLast(2), right.shape.extents.dropLast(2))
    guard ofLeft != ofRight, left.rank >= 2, right.rank >= 2 else { return (left, right) }
    guard let common = Shape.broadcast(Shape(Array(ofLeft)), Shape(Array(ofRight))) else {
      stop("\(name): leading axes of \(left.type) and \(right.type) do not fit each other")
    }
    func repeated(_ operand: Tensor) -> Tensor {
      operand.stretched(to: Shape(common.extents + operand.shape.extents.suffix(2)))
    }
    return (repeated(left), repeated(right))
  }
}
