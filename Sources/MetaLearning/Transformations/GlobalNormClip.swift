import Settings
import TensorPrograms

/// Gradients scaled so that the norm over all tensors is at most the limit: g·min(1, c/‖g‖).
///
/// Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks"
/// (2013).
public struct GlobalNormClip: Clip {
  /// c, the limit.
  public var limit: Double

  /// The word for it.
  public static let word = "globalNorm"
  /// The limit, which must be written.
  public static let schema = Schema<Self>(
    "all gradients together scaled down to a norm",
    .limit("the largest norm"))

  /// A limit of the norm.
  public init(limit: Double) { self.limit = limit }

  /// g·min(1, c/‖g‖) over all tensors.
  public func callAsFunction(
    _ gradients: [Tensor], parameters: [Tensor], number: Tensor?
  ) -> [Tensor] {
    let factor = Norm(gradients).clipFactor(number!)
    return gradients.map { factor * $0 }
  }
}

extension Norm {
  /// min(1, limit / ‖g‖), 1 with derivative 0 at ‖g‖ = 0.
  func clipFactor(_ limit: Tensor) -> Tensor {
    let isOver = isPositive * (limit .< orOne)
    let one = orOne * 0 + 1
    // Divided by 1 where nothing is clipped: the derivative of 1 over a tiny norm would overflow.
    return .select(isOver, limit / Tensor.select(isOver, orOne, otherwise: one), otherwise: one)
  }
}
