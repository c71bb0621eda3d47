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

  /// The layer's outputs for inputs of shape [batch, …, inputs].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.mappingRows { $0.product(weight) + bias }
  }
}

extension Dense: Layer {
  /// `dense`, as paths of weights have it.
  public var name: String { "dense" }
  /// Weight and bias.
  public var axes: [[Axis]] { [[.input, .output], [.output]] }
  /// The layer's outputs for inputs of shape [batch, …, inputs].
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
    "an affine map of the last axis",
    Setting("units", \.units, .integer(1...100_000), unit: "units", "how many outputs it has"))

  /// 64 units, unless said otherwise.
  public init(units: Int = 64) { self.units = units }

  /// A layer for inputs […, features].
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a dense layer", "numbers")
    return LayerDrawing(outputs: input.shape.replacingLast(by: units)) { [units] stream in
      Dense(inputs: input.features, outputs: units, from: &stream, input.scalar)
    }
  }
}

extension Tensor {
  /// A function of rows [rows, features] applied along all axes but the last: [batch, …, features]
  /// becomes [batch, …, features of its answers].
  func mappingRows(_ body: (Tensor) -> Tensor) -> Tensor {
    if rank == 2 { return body(self) }
    let leading = shape.extents.dropLast()
    let answers = body(reshaped(to: [leading.reduce(1, *), shape[rank - 1]]))
    return answers.reshaped(to: Shape(leading + [answers.shape[1]]))
  }
}

extension Shape {
  /// The shape with another last extent.
  func replacingLast(by extent: Int) -> Shape { Shape(extents.dropLast() + [extent]) }
}
