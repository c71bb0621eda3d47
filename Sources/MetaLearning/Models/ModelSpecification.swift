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
  /// x Φ(x), Φ being the normal distribution's: x/2 (1 + erf(x/√2)).
  case exactGelu
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
public enum LossFunction: Sendable, Hashable {
  /// The mean of (output − target)² over batch and outputs.
  case meanSquaredError
  /// The mean of |output − target| over batch and outputs.
  case meanAbsoluteError
  /// The mean over batch and outputs of e²/2 where |e| = |output − target| is at most the threshold δ,
  /// and of δ (|e| − δ/2) beyond it (Huber 1964).
  case huber(threshold: Double)
  /// The mean over the batch of −log softmax(outputs)[class].
  case crossEntropy
  /// The same where a fraction ε of the target is spread over all classes:
  /// (1 − ε) of −log softmax(outputs)[class] and ε of the mean of −log softmax(outputs) over all classes
  /// (Szegedy et al. 2016).
  case smoothedCrossEntropy(Double)
  /// The mean over batch and outputs of −t log σ(z) − (1 − t) log(1 − σ(z)) for outputs z and targets t
  /// from 0 to 1; of several outputs each is a question of its own.
  case binaryCrossEntropy

  /// What configurations call it.
  public var word: String {
    switch self {
    case .meanSquaredError: "meanSquaredError"
    case .meanAbsoluteError: "meanAbsoluteError"
    case .huber: "huber"
    case .crossEntropy, .smoothedCrossEntropy: "crossEntropy"
    case .binaryCrossEntropy: "binaryCrossEntropy"
    }
  }

  /// Whether targets are the numbers of classes, one for each example.
  public var isOfClasses: Bool {
    switch self {
    case .crossEntropy, .smoothedCrossEntropy: true
    default: false
    }
  }
}

/// What stands between a multilayer perceptron's layers and their activations.
public enum Normalization: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// A layer normalization.
  case layer
}
