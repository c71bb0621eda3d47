// Elements by indices, which are int32 tensors of any rank, along any axis.

extension Tensor {
  /// The elements at the given int32 indices along an axis: the axes of the indices take the place
  /// of that axis, so that a table of embeddings [words, width] at [batch, places] gives
  /// [batch, places, width]. An index outside the axis stops the program.
  ///
  /// The first `batchAxes` axes of the tensor and of the indices are the same, and each batch has
  /// indices of its own. Neither `axis` nor `batchAxes` counts axes that are not there.
  ///
  /// ```swift
  /// // The element of every row that its label names: [rows, classes] at [rows] → [rows]
  /// let chosen = scores.gather(labels, axis: 1, batchAxes: 1)
  /// ```
  public func gather(_ indices: Tensor, axis: Int = 0, batchAxes: Int = 0) -> Tensor {
    let places = IndexedAxis("gather", axis, of: self, indices, batchAxes: batchAxes)
    let own = Array(indices.shape.extents.dropFirst(batchAxes))
    let rows = Tensor.apply(
      .gather(batch: places.axis), self, places.rows(indices, like: shape))
    return rows.reshaped(
      to: Shape(shape.extents.prefix(places.axis) + own + shape.extents.dropFirst(places.axis + 1)))
  }

  /// This tensor's elements added up at the given int32 indices along an axis of so many places,
  /// zeros elsewhere: the adjoint of `gather` with the same indices, axis and batch axes.
  ///
  /// ```swift
  /// let counts = ones.scatterAdded(at: labels, extent: 10)  // [rows] at [rows] → [10]
  /// ```
  public func scatterAdded(
    at indices: Tensor, extent: Int, axis: Int = 0, batchAxes: Int = 0
  ) -> Tensor {
    guard scalarType.isFloatingPoint else {
      // Whole numbers are added up as doubles, exactly.
      return converted(to: .float64)
        .scatterAdded(at: indices, extent: extent, axis: axis, batchAxes: batchAxes)
        .converted(to: scalarType)
    }
    let count = indices.rank - batchAxes
    let rank = self.rank - count + 1
    require(
      0 <= batchAxes && 0 <= count && 1 <= rank,
      "scatterAdded: indices \(indices.type) with \(batchAxes) batch axes for \(type)")
    let axis = self.axis(axis, of: rank)
    let own = Array(indices.shape.extents.dropFirst(batchAxes))
    require(
      axis >= batchAxes && Array(shape.extents[axis..<axis + count]) == own,
      "scatterAdded: \(type) has no axes \(own) at axis \(axis), as indices \(indices.type) have "
        + "behind \(batchAxes) batch axes")
    let result = Shape(
      shape.extents.prefix(axis) + [extent] + shape.extents.dropFirst(axis + count))
    let places = IndexedAxis(
      "scatterAdded", axis, of: .zeros(TensorType(result, scalarType)), indices,
      batchAxes: batchAxes)
    let flat = reshaped(
      to: Shape(
        shape.extents.prefix(axis) + [own.reduce(1, *)] + shape.extents.dropFirst(axis + count)))
    return .apply(
      .scatterAdd(batch: places.axis, rows: extent), flat, places.rows(indices, like: result))
  }

  /// Rows of zeros with a 1 at each int32 index, [indices…, count]; zeros alone where an index is
  /// none of 0..<count.
  public func oneHot(count: Int, as scalar: ScalarType) -> Tensor {
    // A float holds every whole number up to 2²⁴.
    let numbers = scalar == .float64 || count < 1 << 24 ? scalar : .float64
    let positions = Tensor.range(0..<count, as: numbers)
    let indices = converted(to: numbers).expanded(axes: [-1])
    return (indices .== positions).converted(to: scalar)
  }
}

/// The axis that indices are of, once checked.
private struct IndexedAxis {
  let axis: Int
  private let batchAxes: Int

  init(
    _ name: String, _ number: Int, of tensor: Tensor, _ indices: Tensor, batchAxes: Int
  ) {
    axis = tensor.axis(number)
    self.batchAxes = batchAxes
    require(indices.scalarType == .int32, "\(name): indices must be int32, found \(indices.type)")
    require(
      0 <= batchAxes && batchAxes <= axis && batchAxes <= indices.rank
        && tensor.shape.extents.prefix(batchAxes) == indices.shape.extents.prefix(batchAxes),
      "\(name): axis \(axis) of \(tensor.type) by \(indices.type) cannot have "
        + "\(batchAxes) batch axes"
    )
  }

  /// The indices as the primitives take them, [batch…, count]: repeated along axes between the
  /// batch axes and the indexed one.
  func rows(_ indices: Tensor, like shape: Shape) -> Tensor {
    let leading = Array(indices.shape.extents.prefix(batchAxes))
    let count = indices.shape.extents.dropFirst(batchAxes).reduce(1, *)
    return indices.reshaped(to: Shape(leading + [count]))
      .broadcast(
        to: Shape(shape.extents.prefix(axis) + [count]), axes: Array(0..<batchAxes) + [axis])
  }
}
