// Where elements stand among those of their axis. Places are int32 numbers without a derivative;
// elements taken by them have theirs.

extension Tensor {
  /// The place of the greatest element along an axis, which disappears: the first of equal ones, 0
  /// where any is not a number.
  public func argmax(axis: Int = -1) -> Tensor {
    let axis = self.axis(axis)
    require(shape[axis] > 0, "argmax: axis \(axis) of \(type) has no elements")
    let values = withoutGradient().countable(shape[axis])
    var extents = [Int](repeating: 1, count: rank)
    extents[axis] = shape[axis]
    let places = Tensor.range(0..<shape[axis], as: values.scalarType)
      .reshaped(to: Shape(extents))
    let isLess = values .< values.maximum(axes: [axis], keepingAxes: true)
    return Tensor.select(isLess, places.literal(Double(shape[axis])), otherwise: places)
      .minimum(axes: [axis]).converted(to: .int32)
  }

  /// The place of the least element along an axis, which disappears: the first of equal ones, 0
  /// where any is not a number.
  public func argmin(axis: Int = -1) -> Tensor { (-self).argmax(axis: axis) }

  /// The places of the first elements along an axis in ascending or descending order, as many as
  /// are asked for, or all: of equal ones the earlier first, what is not a number last.
  ///
  /// ```swift
  /// let best = scores.sortedPlaces(count: 5, descending: true)  // the top 5 of each row
  /// ```
  public func sortedPlaces(
    axis: Int = -1, count: Int? = nil, descending: Bool = false
  ) -> Tensor {
    let axis = self.axis(axis)
    let keys = withoutGradient().movingAxis(axis, to: -1)
    let numbers = keys.scalarType.isFloatingPoint ? keys : keys.converted(to: .float64)
    let places = Tensor.apply(
      .order(count: count ?? shape[axis], descending: descending), numbers)
    return places.movingAxis(-1, to: axis)
  }

  /// The elements along an axis in ascending or descending order, as many of the first as are asked
  /// for, or all. Derivatives go back to where elements came from.
  public func sorted(axis: Int = -1, count: Int? = nil, descending: Bool = false) -> Tensor {
    let axis = self.axis(axis)
    let rows = movingAxis(axis, to: -1)
    let places = rows.sortedPlaces(count: count, descending: descending)
    return rows.gather(places, axis: -1, batchAxes: rank - 1).movingAxis(-1, to: axis)
  }

  /// The elements in a type that holds them and whole numbers up to a count.
  private func countable(_ count: Int) -> Tensor {
    scalarType == .float32 && count <= 1 << 24 ? self : converted(to: .float64)
  }
}
