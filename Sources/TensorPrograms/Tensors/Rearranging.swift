extension Tensor {
  /// The same elements, row by row, in another shape.
  public func reshaped(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    guard shape.count == self.shape.count, case .concrete(let buffer) = operand.storage else {
      return .apply(.reshape(shape), self)
    }
    // Elements are contiguous: the same ones serve.
    return Tensor(buffer: buffer, type: TensorType(shape, scalarType))
  }

  /// Axis i of the result is axis `order[i]` of this tensor.
  public func transposed(_ order: [Int]) -> Tensor {
    order == Array(0..<rank) ? self : .apply(.transpose(order), self)
  }

  /// The tensor with its last two axes exchanged.
  public func transposed() -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(rank - 1, rank - 2)
    return transposed(order)
  }

  /// Axis i of this tensor becomes axis `axes[i]` of the result, which repeats along all others.
  public func broadcast(to shape: Shape, axes: [Int]) -> Tensor {
    shape == self.shape ? self : .apply(.broadcast(shape, axes: axes), self)
  }

  /// The tensor repeated along a new first axis.
  public func repeated(_ count: Int) -> Tensor {
    if count == 1 { return reshaped(to: shape.prepending(1)) }
    return .apply(.broadcast(shape.prepending(count), axes: (0..<rank).map { $0 + 1 }), self)
  }

  /// A range of an axis.
  public func slice(axis: Int = 0, _ range: Range<Int>) -> Tensor {
    if range == 0..<shape[axis] { return self }
    var starts = [Int](repeating: 0, count: rank)
    var limits = shape.extents
    starts[axis] = range.lowerBound
    limits[axis] = range.upperBound
    return .apply(.slice(starts: starts, limits: limits), self)
  }

  /// The tensor at one position of the first axis.
  public subscript(row: Int) -> Tensor { slice(row..<row + 1).reshaped(to: shape.dropFirst) }

  /// Zeros before and after the elements of each axis.
  public func padded(low: [Int], high: [Int]) -> Tensor {
    (low + high).allSatisfy { $0 == 0 } ? self : .apply(.pad(low: low, high: high), self)
  }

  /// Tensors joined along an axis.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    tensors.count == 1 ? tensors[0] : apply(.concatenate(axis: axis), tensors)[0]
  }

  /// Tensors of one type joined along a new first axis.
  public static func stack(_ tensors: [Tensor]) -> Tensor {
    concatenate(tensors.map { $0.reshaped(to: $0.shape.prepending(1)) })
  }

  /// The rows at the given int32 indices, a vector: [rows, …] becomes [indices, …].
  public func gather(_ indices: Tensor) -> Tensor { .apply(.gather(batch: 0), self, indices) }
}
