import Settings
import TensorPrograms

/// A function of each number.
public struct ActivationLayer: WeightlessLayer {
  /// The function.
  public var function: Activation

  /// The word for it.
  public static let word = "activation"
  /// What it is, and its function.
  public static let schema = Schema<Self>(
    "a function of each number",
    Setting("function", \.function, .word("an activation"), "which function"))

  /// relu, unless said otherwise.
  public init(_ function: Activation = .relu) { self.function = function }

  /// The same.
  public func units(for units: Units, of input: Shape) -> Units? { units }

  /// The function of each number.
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    function(inputs)
  }
}
