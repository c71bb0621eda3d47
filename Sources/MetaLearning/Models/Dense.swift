import Settings
import TensorPrograms

/// An affine map of the last axis: `x · weight + bias`.
public struct Dense: Trainable {
  /// Shape [inputs, outputs].
  public var weight: Tensor
  /// The bias, [outputs].
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
    weight = Tensor(TensorType([inputs, outputs], scalar)) { scale * stream.normal() }
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

extension Dense: Layer {
  /// `dense`, as paths of weights have it.
  public var name: String { "dense" }
  /// Weight and bias.
  public var axes: [[Axis]] { [[.input, .output], [.output]] }
  /// The layer's outputs for inputs of shape [batch, inputs].
  public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { self(x) }
}

/// A dense layer as configurations list it.
public struct DenseLayer: LayerKind {
  /// Outputs.
  public var units: Int

  /// The word for it.
  public static let word = "dense"
  /// What it is, and its size.
  public static let schema = Schema<Self>(
    "an affine map of rows of numbers",
    Setting("units", \.units, .integer(1...100_000), unit: "units", "how many outputs it has"))

  /// 64 units, unless said otherwise.
  public init(units: Int = 64) { self.units = units }

  /// A layer for rows of numbers.
  public func drawing(for input: Shape, _ scalar: ScalarType) throws(ModelError) -> LayerDrawing {
    guard input.rank == 1 else {
      throw ModelError(
        found: "a dense layer behind outputs of shape \(input)",
        expected: "rows of numbers; put flatten before it")
    }
    return LayerDrawing(outputs: [units]) { [units] stream in
      Dense(inputs: input[0], outputs: units, from: &stream, scalar)
    }
  }
}
