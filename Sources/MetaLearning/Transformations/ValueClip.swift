import Settings
import TensorPrograms

/// Every element of the gradient limited to ± the limit.
public struct ValueClip: Clip {
  /// c, the limit.
  public var limit: Double

  /// The word for it.
  public static let word = "value"
  /// The limit, which must be written.
  public static let schema = Schema<Self>(
    "each element of the gradient limited",
    .limit("the largest magnitude of an element"))

  /// A limit of each element.
  public init(limit: Double) { self.limit = limit }

  /// sign(g)·min(|g|, c).
  public func callAsFunction(
    _ gradients: [Tensor], parameters: [Tensor], number: Tensor?
  ) -> [Tensor] {
    gradients.map { gradient in
      Tensor.select(
        number! .< gradient.absolute(), gradient.sign() * number!, otherwise: gradient)
    }
  }
}
