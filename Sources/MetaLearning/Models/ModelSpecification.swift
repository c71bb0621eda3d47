/// Elementwise functions between layers.
public enum Activation: String, Sendable, CaseIterable {
  /// max(x, 0), with derivative 0 at 0.
  case relu
  /// The hyperbolic tangent.
  case tanh
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// log(1 + eˣ).
  case softplus
  /// x/2 (1 + tanh(√(2/π)(x + 0.044715 x³))).
  case gelu
  /// The sine.
  case sin
  /// x / (1 + e⁻ˣ).
  case silu
  /// x where positive, else eˣ − 1.
  case elu
  /// x where positive, else x / 100; the derivative at 0 is 1/100.
  case leakyRelu
}

/// What a model is trained to make small.
public enum LossFunction: String, Sendable, CaseIterable {
  /// The mean of (output − target)² over batch and outputs.
  case meanSquaredError
  /// The mean over the batch of −log softmax(outputs)[class].
  case crossEntropy
}

/// What stands between a multilayer perceptron's layers and their activations.
public enum Normalization: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// A layer normalization.
  case layer
}
