import Settings
import TensorPrograms

/// Every tensor's gradient scaled to norm 1; zeros stay zeros.
public struct GradientNormalization: GradientTransformation {
  /// The word for it.
  public static let word = "normalize"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("each tensor's gradient scaled to norm 1")

  /// Norms of 1.
  public init() {}

  /// It may stand for one.
  public var isClip: Bool { true }

  /// g/‖g‖, 0 where g is 0.
  public func callAsFunction(
    _ gradients: [Tensor], parameters: [Tensor], number: Tensor?
  ) -> [Tensor] {
    gradients.map { Norm([$0]).normalized($0) }
  }
}
