import Settings
import TensorPrograms

/// A row of weights for each token.
public struct Embedding: Layer {
  /// Shape [tokens, features].
  public var weight: Tensor

  /// A layer with normal weights of variance 1/features.
  public init(
    tokens: Int, features: Int, from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    let scale = 1 / Double(features).squareRoot()
    weight = Tensor(TensorType([tokens, features], scalar)) { scale * stream.normal() }
  }

  /// `embedding`, as paths of weights have it.
  public var name: String { "embedding" }
  /// Tokens are what it reads.
  public var axes: [[Axis]] { [[.input, .output]] }

  /// The weight.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "weight", &weight)
  }

  /// [batch, …, features] of tokens [batch, …].
  public func callAsFunction(_ tokens: Tensor, _ pass: inout ForwardPass) -> Tensor {
    weight.gather(tokens.reshaped(to: [tokens.shape.count]))
      .reshaped(to: Shape(tokens.shape.extents + [weight.shape[1]]))
  }
}

/// An embedding as configurations list it.
public struct EmbeddingLayer: LayerKind {
  /// Numbers that a token becomes.
  public var features: Int

  /// The word for it.
  public static let word = "embedding"
  /// What it is, and its width.
  public static let schema = Schema<Self>(
    "a row of weights for each token",
    Setting(
      "features", \.features, .integer(1...100_000), unit: "units", "numbers that a token becomes"))

  /// 64 numbers, unless said otherwise.
  public init(features: Int = 64) { self.features = features }

  /// A layer for tokens.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    guard let tokens = input.tokens else {
      throw ModelError(
        found: "an embedding behind numbers of shape \(input.shape)",
        expected: "tokens, which a task of sequences has; for numbers, a dense layer")
    }
    return LayerDrawing(outputs: Shape(input.shape.extents + [features])) { [features] stream in
      Embedding(tokens: tokens, features: features, from: &stream, input.scalar)
    }
  }
}
