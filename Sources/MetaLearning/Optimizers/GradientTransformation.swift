import TensorPrograms

extension ClipSpecification {
  /// Whether the transformation is built.
  public var isSupported: Bool {
    switch self {
    case .globalNorm: true
    case .value, .tensorNorm, .normalize: false
    }
  }

  /// The transformed gradients, differentiably.
  ///
  /// By global norm: g·min(1, c/‖g‖), where the factor is 1 with derivative 0 at ‖g‖ = 0.
  public func callAsFunction(_ gradients: [Tensor]) -> [Tensor] {
    switch self {
    case .globalNorm(let limit):
      let squares = gradients.map { $0.squared().sum() }.reduce(nil) { sum, term in
        sum.map { $0 + term } ?? term
      }
      guard let squares else { return gradients }
      // The root is taken of 1 where the norm is 0, so that its derivative is never 1/0.
      let isPositive = squares.isGreater(than: 0)
      let norm = Tensor.select(isPositive, squares, otherwise: squares * 0 + 1).squareRoot()
      let factor = Tensor.select(
        isPositive * norm.isGreater(than: limit), limit / norm, otherwise: norm * 0 + 1)
      return gradients.map { factor * $0 }
    case .value, .tensorNorm, .normalize:
      fatalError("clip \(self) is not supported")
    }
  }
}
