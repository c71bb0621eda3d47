import Foundation
import TensorPrograms

extension Activation {
  /// Applies the function to every element.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: x.relu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .softplus: x.softplus()
    case .sin: x.sin()
    case .gelu:
      // The tanh form: x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
      0.5 * x * (1 + ((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)).tanh())
    }
  }
}

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

/// Dense layers with an activation after all but the last.
public struct MultilayerPerceptron: ParameterStructure {
  /// Input side first; paths are `000_dense`, `001_dense`, ….
  public var layers: [Dense]
  /// Applied after all but the last layer.
  public let activation: Activation

  /// A network of the given layers.
  public init(layers: [Dense], activation: Activation) {
    self.layers = layers
    self.activation = activation
  }

  /// A network with freshly drawn weights; `sizes` counts units from inputs to outputs.
  public init(
    sizes: [Int], activation: Activation, from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    self.activation = activation
    layers = []
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
      layers.append(Dense(inputs: inputs, outputs: outputs, from: &stream, scalar))
    }
  }

  /// Layer by layer.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in layers.indices {
      try layers[index].visit(path / layerName(index, "dense"), body)
    }
  }

  /// The network's outputs for inputs of shape [batch, inputs].
  public func callAsFunction(_ inputs: Tensor) -> Tensor {
    var x = inputs
    for (index, layer) in layers.enumerated() {
      x = layer(x)
      if index < layers.count - 1 { x = activation(x) }
    }
    return x
  }
}

/// The name of a layer in paths: its position in three digits and what it is.
public func layerName(_ index: Int, _ kind: String) -> String {
  let digits = String(index)
  return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "_" + kind
}
