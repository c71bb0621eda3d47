// Parts of a tensor along one axis.

extension Tensor {
  /// A range of an axis.
  public func slice(axis: Int = 0, _ range: Range<Int>) -> Tensor {
    let axis = self.axis(axis)
    if range == 0..<shape[axis] { return self }
    var starts = [Int](repeating: 0, count: rank)
    var limits = shape.extents
    starts[axis] = range.lowerBound
    limits[axis] = range.upperBound
    return .apply(.slice(starts: starts, limits: limits), self)
  }

  /// Every `step`-th place of an axis from one on, up to but without another: as in Python, bounds
  /// count from behind where they are negative, are those of the axis where none are given, and are
  /// moved into the axis where they lie outside; steps may be negative.
  ///
  /// ```swift
  /// let x = Tensor.range(0..<6, as: .float64)
  /// let last = x.slice(from: -2)  // 4, 5
  /// let odd = x.slice(from: 1, by: 2)  // 1, 3, 5
  /// let backwards = x.slice(by: -1)  // 5, 4, 3, 2, 1, 0
  /// ```
  public func slice(
    axis: Int = 0, from start: Int? = nil, to end: Int? = nil, by step: Int = 1
  ) -> Tensor {
    require(step != 0, "slice: the step is 0")
    let axis = self.axis(axis)
    let extent = shape[axis]
    func bound(_ number: Int?, _ otherwise: Int) -> Int {
      guard let number else { return otherwise }
      let place = number < 0 ? number + extent : number
      return step > 0 ? min(max(place, 0), extent) : min(max(place, -1), extent - 1)
    }
    let first = bound(start, step > 0 ? 0 : extent - 1)
    let last = bound(end, step > 0 ? extent : -1)
    let places = Array(stride(from: first, to: last, by: step))
    guard let least = places.min(), let greatest = places.max() else {
      return slice(axis: axis, 0..<0)
    }
    guard step > 0 else {
      // Rows in reverse order, by their indices.
      return gather(Tensor(places.map { Int32($0) }), axis: axis)
    }
    if step == 1 { return slice(axis: axis, least..<greatest + 1) }
    // Whole steps, of which the first place of each is kept.
    let covered = least..<least + places.count * step
    var high = [Int](repeating: 0, count: rank)
    high[axis] = max(covered.upperBound - extent, 0)
    let whole = slice(axis: axis, covered.clamped(to: 0..<extent)).padded(
      low: high.map { _ in 0 }, high: high)
    let extents = shape.extents
    return whole.reshaped(
      to: Shape(extents.prefix(axis) + [places.count, step] + extents.dropFirst(axis + 1))
    ).slice(axis: axis + 1, 0..<1).squeezed(axes: [axis + 1])
  }

  /// The tensor at one position of the first axis, counted from behind where it is negative.
  public subscript(row: Int) -> Tensor {
    let row = row < 0 ? row + shape[0] : row
    return slice(row..<row + 1).reshaped(to: shape.dropFirst)
  }

  /// The elements in reverse order along some axes, or along all.
  public func flipped(axes: [Int]? = nil) -> Tensor {
    sortedAxes(axes).reduce(self) { $0.slice(axis: $1, by: -1) }
  }

  /// The elements moved so many places along an axis, those beyond its end to its beginning
  /// (`roll`).
  public func rolled(axis: Int = 0, by places: Int) -> Tensor {
    let axis = self.axis(axis)
    let extent = shape[axis]
    let shift = extent == 0 ? 0 : (places % extent + extent) % extent
    guard shift != 0 else { return self }
    return .concatenate(
      [slice(axis: axis, extent - shift..<extent), slice(axis: axis, 0..<extent - shift)],
      axis: axis)
  }

  /// Parts of the given extents, one behind the other along an axis.
  public func split(axis: Int = 0, _ extents: [Int]) -> [Tensor] {
    let axis = self.axis(axis)
    require(
      extents.allSatisfy { $0 >= 0 } && extents.reduce(0, +) == shape[axis],
      "split: extents \(extents) do not add up to axis \(axis) of \(type)")
    var start = 0
    return extents.map { extent in
      defer { start += extent }
      return slice(axis: axis, start..<start + extent)
    }
  }

  /// Equal parts, so many, one behind the other along an axis.
  public func split(axis: Int = 0, into count: Int) -> [Tensor] {
    let extent = shape[self.axis(axis)]
    require(
      count > 0 && extent % count == 0,
      "split: axis \(axis) of \(type) has no \(count) equal parts")
    return split(axis: axis, [Int](repeating: extent / count, count: count))
  }

  // MARK: Where a start is computed

  /// So many places of an axis from a computed one on: `start` is one int32 number. A place outside
  /// the axis stops the program.
  public func dynamicSlice(axis: Int = 0, start: Tensor, count: Int) -> Tensor {
    gather(places(from: start, count), axis: axis)
  }

  /// The tensor with other elements in place of its own, at places of an axis from a computed one
  /// on: `start` is one int32 number. A place outside the axis stops the program.
  public func dynamicUpdate(axis: Int = 0, start: Tensor, with elements: Tensor) -> Tensor {
    let axis = self.axis(axis)
    require(
      elements.rank == rank && elements.shape.removing([axis]) == shape.removing([axis])
        && elements.scalarType == scalarType,
      "dynamicUpdate: \(elements.type) cannot take places of axis \(axis) of \(type)")
    let count = elements.shape[axis]
    let moved = elements.scatterAdded(
      at: places(from: start, count), extent: shape[axis], axis: axis)
    let numbers = Tensor.range(0..<shape[axis])
    let isReplaced = (numbers .>= start) * (numbers .< start + Double(count))
    var extents = [Int](repeating: 1, count: rank)
    extents[axis] = shape[axis]
    return .select(isReplaced.reshaped(to: Shape(extents)), moved, otherwise: self)
  }

  private func places(from start: Tensor, _ count: Int) -> Tensor {
    require(
      start.type == TensorType(.scalar, .int32),
      "a start is one int32 number, found \(start.type)")
    return start + Tensor.range(0..<count)
  }
}
