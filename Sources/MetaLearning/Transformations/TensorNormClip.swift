import Settings
import TensorPrograms

/// Every tensor's gradient scaled so that its norm is at most the limit.
public struct TensorNormClip: Clip {
  /// c, the limit.
  public var limit: Double

  /// The word for it.
  public static let word = "tensorNorm"
  /// The limit, which must be written.
  public static let schema = Schema<Self>(
    "each tensor's gradient scaled down to a norm",
    .limit("the largest norm"))

  /// A limit of each norm.
  public init(limit: Double) { self.limit = limit }

  /// g·min(1, c/‖g‖) tensor by tensor.
  public func callAsFunction(
    _ gradients: [Tensor], parameters: [Tensor], number: Tensor?
  ) -> [Tensor] {
    gradients.map { Norm([$0]).clipFactor(number!) * $0 }
  }
}
