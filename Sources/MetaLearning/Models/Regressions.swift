import Settings
import TensorPrograms

/// One dense layer and the squared error.
public struct LinearRegression: ModelKind {
  /// The word for it.
  public static let word = "linearRegression"
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("one dense layer and the squared error")

  /// A linear regression.
  public init() {}

  /// The squared error.
  public var loss: LossFunction? { .meanSquaredError }
  /// A linear one.
  public var teacher: PerceptronKind { PerceptronKind(hidden: []) }
  /// One layer.
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
  /// What it is; it has no settings.
  public static let schema = Schema<Self>("one dense layer and the cross-entropy")

  /// A logistic regression.
  public init() {}

  /// Classes are told apart by the cross-entropy.
  public var loss: LossFunction? { .crossEntropy }
  /// One layer.
  public var layerCount: Int? { 1 }

  /// A perceptron without hidden layers.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<MultilayerPerceptron> {
    try PerceptronKind(hidden: []).drawing(for: examples)
  }
}
