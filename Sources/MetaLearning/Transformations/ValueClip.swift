import Settings
import TensorPrograms

/// Every element of the gradient limited to ± the limit.
public struct ValueClip: GradientTransformation {
  /// c.
  public var limit: Double

  /// The word for it.
  public static let word = "value"
  /// The limit, which must be written.
  public static let schema = Schema<Self>(
    "each element of the gradient limited",
    Setting(
      "limit", \.limit, .number(.positive), "the largest magnitude of an element",
      mustBeWritten: true))

  /// A limit of each element.
  public init(limit: Double) { self.limit = limit }

  /// c.
  public var number: ScalarLayout.Entry? { .init("clip_limit", limit, .positive) }

  /// It is.
  public var isClip: Bool { true }
  /// Below the limit nothing changes.
  public var keepsSmallGradients: Bool { true }

  /// sign(g)·min(|g|, c).
  public func callAsFunction(
    _ gradients: [Tensor], parameters: [Tensor], number: Tensor?
  ) -> [Tensor] {
    gradients.map { gradient in
      Tensor.select(
        .less(number!, gradient.absolute()), gradient.sign() * number!, otherwise: gradient)
    }
  }
}
