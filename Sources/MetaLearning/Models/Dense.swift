import TensorPrograms

/// An affine map of the last axis: `x · weight + bias`.
public struct Dense: ParameterStructure {
  /// Shape [inputs, outputs].
  public var weight: Tensor
  /// Shape [outputs].
  public var bias: Tensor

  /// A layer of the given weight and bias.
  public init(weight: Tensor, bias: Tensor) {
    self.weight = weight
    self.bias = bias
  }

  /// A layer with normal weights of variance 1/inputs and zero biases.
  public init(
    inputs: Int, outputs: Int, from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    let scale = 1 / Double(inputs).squareRoot()
    weight = Tensor(
      (0..<inputs * outputs).map { _ in scale * stream.normal() },
      TensorType([inputs, outputs], scalar))
    bias = .zeros(TensorType([outputs], scalar))
  }

  /// Weight, then bias.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "weight", &weight)
    try body(path / "bias", &bias)
  }

  /// The layer's outputs for inputs of shape [batch, inputs].
  public func callAsFunction(_ x: Tensor) -> Tensor { x.product(weight) + bias }
}
