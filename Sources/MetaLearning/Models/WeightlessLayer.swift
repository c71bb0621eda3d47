import TensorPrograms

/// A layer without weights, which is what configurations list and what models are built of at once.
public protocol WeightlessLayer: LayerKind, Layer {}

extension WeightlessLayer {
  /// The word for it.
  public var name: String { Self.word }
  /// No tensors.
  public var axes: [[Axis]] { [] }

  /// Visits nothing.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {}

  /// Itself, for any input.
  public func layer(
    for input: Shape, from stream: inout RandomStream, _ scalar: ScalarType
  ) throws(ModelError) -> any Layer { self }
}
