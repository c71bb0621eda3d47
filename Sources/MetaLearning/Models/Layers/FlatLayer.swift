import Settings
import TensorPrograms

/// All numbers of an example in one row.
public struct FlatLayer: WeightlessLayer {
  /// The word for it.
  public static let word = "flatten"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("all numbers of an example in one row")

  /// A layer without weights.
  public init() {}

  /// [numbers].
  public func outputShape(for input: Shape) -> Shape { [input.count] }

  /// Those at each position, one position after the other.
  public func units(for units: Units, of input: Shape) -> Units? {
    units.atPositions(input.count / units.count)
  }

  /// [batch, numbers].
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    inputs.rank == 2
      ? inputs
      : inputs.reshaped(to: [inputs.shape[0], inputs.shape.extents.dropFirst().reduce(1, *)])
  }
}
