import Settings
import TensorPrograms

/// λθ added to the gradient: the gradient of λ‖θ‖²/2.
public struct CoupledWeightDecay: GradientTransformation {
  /// λ, the rate of the decay.
  public var rate: Double

  /// The word for it.
  public static let word = "weightDecay"
  /// λ, which must be written.
  public static let schema = Schema<Self>(
    "a share of the weights added to their gradient",
    Setting("rate", \.rate, .number(.positive), "the share", mustBeWritten: true))

  /// A rate of decay.
  public init(rate: Double) { self.rate = rate }

  /// The rate λ of the decoupled weight decay.
  public var number: ScalarLayout.Entry? { .init("coupled_weight_decay", rate, .positive) }

  /// It is that.
  public var isCoupledDecay: Bool { true }

  /// g + λθ.
  public func callAsFunction(
    _ gradients: [Tensor], parameters: [Tensor], number: Tensor?
  ) -> [Tensor] {
    zip(gradients, parameters).map { $0 + number! * $1 }
  }
}
