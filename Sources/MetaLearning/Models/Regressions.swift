import Settings
import TensorPrograms

/// One dense layer and the squared error.
public struct LinearRegression: ModelKind {
  /// The word for it.
  public static let word = "linearRegression"
  /// No settings.
  public static let schema = Schema<Self>("one dense layer and the squared error")

  /// A linear regression.
  public init() {}

  /// The squared error.
  public var loss: LossFunction? { .meanSquaredError }
  /// A linear one.
  public var teacher: PerceptronKind { PerceptronKind(hidden: []) }
  /// One.
  public var layerCount: Int? { 1 }

  /// A perceptron without hidden layers.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<MultilayerPerceptron> {
    try PerceptronKind(hidden: []).drawing(for: examples)
  }
}

/// One dense layer and the cross-entropy.
public struct LogisticRegression: ModelKind {
  /// The word for it.
  public static let word = "logisticRegression"
  /// No settings.
  public static let schema = Schema<Self>("one dense layer and the cross-entropy")

  /// A logistic regression.
  public init() {}

  /// The cross-entropy.
  public var loss: LossFunction? { .crossEntropy }
  /// One.
  public var layerCount: Int? { 1 }

  /// A perceptron without hidden layers.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<MultilayerPerceptron> {
    try PerceptronKind(hidden: []).drawing(for: examples)
  }
}
