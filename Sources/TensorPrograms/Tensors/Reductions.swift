// Reductions over some axes or all. Axes count from behind where they are negative, and disappear
// unless they are kept with an extent of one.

extension Tensor {
  /// The sum over some axes, or of all elements.
  public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    reduced(axes, keepingAxes) { .sum($0) }
  }

  /// The greatest element over some axes, or of all; ties share the derivative equally.
  public func maximum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    reduced(axes, keepingAxes) { .reduceMaximum($0) }
  }

  /// The least element over some axes, or of all; ties share the derivative equally.
  public func minimum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    -(-self).maximum(axes: axes, keepingAxes: keepingAxes)
  }

  /// The mean over some axes, or of all elements, which are floating-point numbers.
  public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    requireFloatingPoint("mean")
    return sum(axes: axes, keepingAxes: keepingAxes) * (1 / Double(elementCount(over: axes)))
  }

  /// The variance over some axes, or of all elements, which are floating-point numbers: squared
  /// distances from the mean, added and divided by their number less `correction` (0 for the
  /// variance of these elements, 1 for the unbiased estimate of the distribution's).
  public func variance(
    axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false
  ) -> Tensor {
    let count = elementCount(over: axes) - correction
    require(count > 0, "variance: \(count + correction) elements with correction \(correction)")
    return (self - mean(axes: axes, keepingAxes: true)).squared()
      .sum(axes: axes, keepingAxes: keepingAxes) * (1 / Double(count))
  }

  /// The product over some axes, or of all elements. Its derivatives are exact at zeros, too.
  public func product(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let axes = sortedAxes(axes)
    let kept = (0..<rank).filter { !axes.contains($0) }
    let result = shape.removing(axes)
    // Halves are multiplied, so that no quotient is needed and few equations are.
    var factors = transposed(axes + kept)
      .reshaped(to: result.prepending(axes.reduce(1) { $0 * shape[$1] }))
    while factors.shape[0] > 1 {
      let half = factors.shape[0] / 2
      let products = factors.slice(0..<half) * factors.slice(half..<2 * half)
      let rest = factors.slice(2 * half..<factors.shape[0])
      factors = rest.shape[0] == 0 ? products : .concatenate([products, rest])
    }
    let product =
      factors.shape[0] == 1 ? factors[0] : Tensor(repeating: 1, TensorType(result, scalarType))
    return keepingAxes ? product.reshaped(to: shape.keeping(axes)) : product
  }

  /// log Σ exp over some axes, or of all elements, without overflow; -∞ where all elements are.
  public func logSumExp(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let greatest = greatestElement(axes)
    // Not by an infinity, from which the same one cannot be subtracted.
    let shift = Tensor.select(
      greatest.absolute() .< .infinity, greatest, otherwise: .zeros(greatest.type))
    let result = (self - shift).exp().sum(axes: axes, keepingAxes: true).log() + shift
    return keepingAxes ? result : result.squeezed(axes: sortedAxes(axes))
  }

  /// exp(x) / Σ exp(x) over some axes, the last one where none are given, without overflow.
  ///
  /// ```swift
  /// let weights = scores.softmax()  // sums of rows are 1
  /// ```
  public func softmax(axes: [Int] = [-1]) -> Tensor {
    let exponentials = (self - greatestElement(axes)).exp()
    return exponentials / exponentials.sum(axes: axes, keepingAxes: true)
  }

  /// log(softmax(x)) over some axes, the last one where none are given: x - log Σ exp(x), with full
  /// accuracy where the softmax is nearly 0 or 1.
  public func logSoftmax(axes: [Int] = [-1]) -> Tensor {
    let shifted = self - greatestElement(axes)
    return shifted - shifted.exp().sum(axes: axes, keepingAxes: true).log()
  }

  /// The greatest element over some axes, which are kept: what exponents are shifted by. Results do
  /// not depend on it, and so it needs no derivative.
  private func greatestElement(_ axes: [Int]?) -> Tensor {
    withoutGradient().maximum(axes: axes, keepingAxes: true)
  }

  private func reduced(
    _ axes: [Int]?, _ keepingAxes: Bool, _ primitive: ([Int]) -> Primitive
  ) -> Tensor {
    let axes = sortedAxes(axes)
    if axes.isEmpty { return self }
    let result = Tensor.elementwise(primitive(axes), self)
    return keepingAxes ? result.reshaped(to: shape.keeping(axes)) : result
  }

  private func elementCount(over axes: [Int]?) -> Int {
    sortedAxes(axes).reduce(1) { $0 * shape[$1] }
  }

  func requireFloatingPoint(_ name: String) {
    require(scalarType.isFloatingPoint, "\(name): takes floating-point elements, found \(type)")
  }

  /// Gives a reduced tensor its axes back, repeated.
  package func expanded(over axes: [Int], to shape: Shape) -> Tensor {
    broadcast(to: shape, axes: (0..<shape.rank).filter { !axes.contains($0) })
  }
}

extension Shape {
  /// The shape with an extent of one along the given axes.
  func keeping(_ axes: [Int]) -> Shape {
    Shape(extents.indices.map { axes.contains($0) ? 1 : extents[$0] })
  }
}
