import TensorPrograms

/// What happens to gradients before an optimizer sees them; transformations stand in a chain and are
/// differentiated through.
public enum GradientTransformation: Sendable, Equatable {
  /// Scaled so that the norm over all tensors is at most the limit.
  case globalNorm(limit: Double)
  /// Every tensor scaled so that its norm is at most the limit.
  case tensorNorm(limit: Double)
  /// Every element limited to ± the limit.
  case value(limit: Double)
  /// Every tensor scaled to norm 1; zeros stay zeros.
  case normalize
  /// λθ added: the gradient of λ‖θ‖²/2.
  case weightDecay(rate: Double)

  /// The number that can be learned, by the name of its kind; none for `normalize`.
  public var scalar: (name: String, value: Double)? {
    switch self {
    case .globalNorm(let limit), .tensorNorm(let limit), .value(let limit): ("clip_limit", limit)
    case .normalize: nil
    case .weightDecay(let rate): ("coupled_weight_decay", rate)
    }
  }

  /// The transformed gradients.
  ///
  /// - Parameters:
  ///   - parameters: the weights that the gradients belong to.
  ///   - scalar: the value of `scalar`, as a tensor without axes.
  func callAsFunction(_ gradients: [Tensor], parameters: [Tensor], scalar: Tensor?) -> [Tensor] {
    if gradients.isEmpty { return [] }
    switch self {
    case .globalNorm:
      let factor = GradientTransformation.factor(Norm(gradients), limit: scalar!)
      return gradients.map { factor * $0 }
    case .tensorNorm:
      return gradients.map { GradientTransformation.factor(Norm([$0]), limit: scalar!) * $0 }
    case .value:
      return gradients.map { gradient in
        Tensor.select(
          .less(scalar!, gradient.absolute()), gradient.sign() * scalar!, otherwise: gradient)
      }
    case .normalize:
      return gradients.map { Norm([$0]).normalized($0) }
    case .weightDecay:
      return zip(gradients, parameters).map { $0 + scalar! * $1 }
    }
  }

  /// min(1, limit / ‖g‖), 1 with derivative 0 at ‖g‖ = 0.
  private static func factor(_ norm: Norm, limit: Tensor) -> Tensor {
    let isOver = norm.isPositive * .less(limit, norm.orOne)
    let one = norm.orOne * 0 + 1
    // Divided by 1 where nothing is clipped: the derivative of 1 over a tiny norm would overflow.
    return .select(
      isOver, limit / Tensor.select(isOver, norm.orOne, otherwise: one), otherwise: one)
  }
}
