import Settings
import TensorPrograms

/// What stands at the last position of a sequence.
public struct LastLayer: WeightlessLayer {
  /// The word for it.
  public static let word = "last"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("what stands at the last position of a sequence")

  /// A layer without weights.
  public init() {}

  /// [features], of [positions, features].
  public func outputShape(for input: Shape) throws(ModelError) -> Shape {
    guard input.rank == 2 else {
      throw ModelError(
        found: "the last position behind outputs of shape \(input)",
        expected: "[positions, features]")
    }
    return [input[1]]
  }

  /// The same.
  public func units(for units: Units, of input: Shape) -> Units? { units }

  /// [batch, features].
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let (batch, positions, features) = (inputs.shape[0], inputs.shape[1], inputs.shape[2])
    return inputs.slice(axis: 1, positions - 1..<positions).reshaped(to: [batch, features])
  }
}
