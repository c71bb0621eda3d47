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

  /// The tensor without the given axes, whose extents are one; without all of extent one where none
  /// are given.
  public func squeezed(axes: [Int]? = nil) -> Tensor {
    let axes = axes.map { sortedAxes($0) } ?? (0..<rank).filter { shape[$0] == 1 }
    require(
      axes.allSatisfy { shape[$0] == 1 },
      "squeezed: extents of axes \(axes) must be 1, found \(type)")
    return reshaped(to: shape.removing(axes))
  }

  /// The tensor with new axes of extent one, at the given places among the axes of the result
  /// (`expand_dims`).
  public func expanded(axes: [Int]) -> Tensor {
    var extents = shape.extents
    for axis in sortedAxes(axes, of: rank + axes.count) { extents.insert(1, at: axis) }
    return reshaped(to: Shape(extents))
  }

  /// Axis i of the result is axis `order[i]` of this tensor.
  public func transposed(_ order: [Int]) -> Tensor {
    order == Array(0..<rank) ? self : .apply(.transpose(order), self)
  }

  /// The tensor with its last two axes exchanged.
  public func transposed() -> Tensor {
    require(rank >= 2, "transposed: takes at least two axes, found \(type)")
    var order = Array(0..<rank)
    order.swapAt(rank - 1, rank - 2)
    return transposed(order)
  }

  /// The tensor with one axis at another place, the others in order.
  public func movingAxis(_ source: Int, to target: Int) -> Tensor {
    let (source, target) = (axis(source), axis(target))
    var order = (0..<rank).filter { $0 != source }
    order.insert(source, at: target)
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

  /// Zeros before and after the elements of each axis.
  public func padded(low: [Int], high: [Int]) -> Tensor {
    (low + high).allSatisfy { $0 == 0 } ? self : .apply(.pad(low: low, high: high), self)
  }

  /// Tensors joined along an axis.
  public static func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    require(!tensors.isEmpty, "concatenate: takes at least one tensor")
    return tensors.count == 1
      ? tensors[0] : apply(.concatenate(axis: tensors[0].axis(axis)), tensors)[0]
  }

  /// Tensors of one type joined along a new first axis.
  public static func stack(_ tensors: [Tensor]) -> Tensor {
    concatenate(tensors.map { $0.reshaped(to: $0.shape.prepending(1)) })
  }
}
