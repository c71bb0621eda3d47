extension Tensor {
  /// The sum over some axes, which disappear.
  public func sum(axes: [Int]) -> Tensor { axes.isEmpty ? self : .apply(.sum(axes.sorted()), self) }
  /// The sum of all elements.
  public func sum() -> Tensor { sum(axes: Array(0..<rank)) }
  /// The mean over some axes, which disappear.
  public func mean(axes: [Int]) -> Tensor {
    sum(axes: axes) * (1 / Double(axes.reduce(1) { $0 * shape[$1] }))
  }
  /// The mean of all elements.
  public func mean() -> Tensor { mean(axes: Array(0..<rank)) }
  /// The greatest element over some axes, which disappear; ties share the derivative equally.
  public func maximum(axes: [Int]) -> Tensor {
    axes.isEmpty ? self : .apply(.reduceMaximum(axes.sorted()), self)
  }

  /// Gives a reduced tensor its axes back, repeated.
  package func expanded(over axes: [Int], to shape: Shape) -> Tensor {
    broadcast(to: shape, axes: (0..<shape.rank).filter { !axes.contains($0) })
  }

  /// log Σ exp over the last axis, without overflow.
  public func logSumExp() -> Tensor {
    let last = [rank - 1]
    let greatest = maximum(axes: last).withoutGradient()
    let shifted = self - greatest.expanded(over: last, to: shape)
    return shifted.exp().sum(axes: last).log() + greatest
  }
}

extension Tensor {
  /// The matrix product of the last two axes, over equal leading axes.
  public func product(
    _ right: Tensor, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Tensor {
    .apply(
      .product(transposeLeft: transposeLeft, transposeRight: transposeRight), self, right)
  }
}
