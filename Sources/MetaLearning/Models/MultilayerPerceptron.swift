import Settings
import TensorPrograms

/// Dense layers with an activation after all but the last, and perhaps a layer normalization before
/// each activation.
public struct MultilayerPerceptron: SupervisedModel {
  /// Input side first.
  public var layers: [Dense]
  /// One for each layer but the last, or none at all.
  public var normalizations: [LayerNormalization]
  /// Applied after all but the last layer.
  public let activation: Activation

  /// A network of the given layers; there must be a normalization for each layer but the last, or
  /// none at all.
  public init(
    layers: [Dense], normalizations: [LayerNormalization] = [], activation: Activation
  ) {
    require(
      normalizations.isEmpty || normalizations.count == layers.count - 1,
      "\(layers.count) layers and \(normalizations.count) normalizations between them")
    self.layers = layers
    self.normalizations = normalizations
    self.activation = activation
  }

  /// A network with freshly drawn weights; `sizes` counts units from inputs to outputs.
  public init(
    sizes: [Int], activation: Activation, normalization: Normalization = .none,
    from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    var layers: [Dense] = []
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
      layers.append(Dense(inputs: inputs, outputs: outputs, from: &stream, scalar))
    }
    let hidden = sizes.dropFirst().dropLast()
    self.init(
      layers: layers,
      normalizations: normalization == .layer
        ? hidden.map { LayerNormalization(features: $0, scalar) } : [],
      activation: activation)
  }

  /// Layer by layer: `000_dense`, `001_dense`, …, or with normalizations `000_dense`,
  /// `001_layer_norm`, `002_dense`, ….
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    let step = normalizations.isEmpty ? 1 : 2
    for index in layers.indices {
      try layers[index].visit(path / layerName(step * index, "dense"), body)
      if normalizations.indices.contains(index) {
        try normalizations[index].visit(path / layerName(step * index + 1, "layer_norm"), body)
      }
    }
  }

  /// Those of the layers.
  public var axes: [[Axis]] {
    var flow = UnitsFlow(inputs: layers[0].weight.shape[0])
    for (index, layer) in layers.enumerated() {
      flow.add(layer, isLast: index == layers.count - 1)
      if normalizations.indices.contains(index) { flow.add(normalizations[index]) }
    }
    return flow.axes
  }

  /// The network's outputs for inputs of shape [batch, inputs].
  public func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    var x = inputs
    for (index, layer) in layers.enumerated() {
      x = layer(x)
      if normalizations.indices.contains(index) { x = normalizations[index](x) }
      if index < layers.count - 1 { x = activation(x) }
    }
    return x
  }
}

/// A multilayer perceptron as configurations choose it; without hidden layers, a linear model.
public struct PerceptronKind: ModelKind {
  /// Units of the hidden layers, input side first.
  public var hidden: [Int]
  /// What follows every hidden layer.
  public var activation: Activation
  /// What stands before each activation.
  public var normalization: Normalization

  /// The word for it.
  public static let word = "mlp"
  /// Sizes, activation, normalization.
  public static let schema = Schema<Self>(
    "dense layers with an activation between them",
    Setting("hidden", \.hidden, .layerSizes(), unit: "units", "sizes of the hidden layers"),
    Setting("activation", \.activation, .word("an activation"), "what follows hidden layers"),
    Setting(
      "normalization", \.normalization, .word("a normalization"),
      "what stands before each activation"))

  /// Two hidden layers of 64 units with tanh, unless said otherwise.
  public init(
    hidden: [Int] = [64, 64], activation: Activation = .tanh, normalization: Normalization = .none
  ) {
    self.hidden = hidden
    self.activation = activation
    self.normalization = normalization
  }

  /// A network of the same form.
  public var teacher: PerceptronKind { self }
  /// The dense layers and what normalizes the hidden ones.
  public var layerCount: Int? { (normalization == .none ? 1 : 2) * hidden.count + 1 }

  /// Examples are taken as rows of numbers.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<MultilayerPerceptron> {
    try examples.requireRows(Self.word)
    let sizes = [examples.features] + hidden + [examples.outputs]
    return ModelDrawing(inputs: [examples.features]) { [self] stream in
      MultilayerPerceptron(
        sizes: sizes, activation: activation, normalization: normalization, from: &stream,
        examples.scalar)
    }
  }
}
