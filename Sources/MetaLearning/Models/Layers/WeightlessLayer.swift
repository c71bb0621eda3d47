import TensorPrograms

/// A layer without weights, which is what configurations list and what models are built of at once.
public protocol WeightlessLayer: LayerKind, Layer {
  /// The shape of one answer to one input of a shape; the same by default.
  ///
  /// - Throws: `ModelError` where there is no such layer.
  func outputShape(for input: Shape) throws(ModelError) -> Shape
}

extension WeightlessLayer {
  /// The word for it.
  public var name: String { Self.word }
  /// `the layer WORD`.
  static var noun: String { "the layer \(word)" }
  /// The inputs' shape.
  public func outputShape(for input: Shape) -> Shape { input }

  /// There is nothing to visit.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {}

  /// The layer itself: there is nothing to draw.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require(Self.noun, "numbers")
    return LayerDrawing(outputs: try outputShape(for: input.shape)) { _ in self }
  }
}
