extension Tensor {
  /// At each place of an axis, the sum of the elements up to and with it; in reverse, from it on.
  ///
  /// The sums are a loop along the axis, whose every step adds all other axes at once.
  public func cumulativeSum(axis: Int = -1, reversed: Bool = false) -> Tensor {
    let axis = self.axis(axis)
    let rows = movingAxis(axis, to: 0)
    let sums = Tensor.scan(
      Tensor.zeros(rows.type.dropFirst), over: rows, length: shape[axis], reversed: reversed
    ) { sum, row in
      let next = sum + row
      return (next, next)
    }.outputs
    return sums.movingAxis(0, to: axis)
  }
}
