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

  /// The place of the least element along an axis, which disappears: the first of equal ones, 0 where
  /// any is not a number.
  public func argmin(axis: Int = -1) -> Tensor { (-self).argmax(axis: axis) }

  /// The elements in a type that holds them and whole numbers up to a count.
  private func countable(_ count: Int) -> Tensor {
    scalarType == .float32 && count <= 1 << 24 ? self : converted(to: .float64)
  }
}
