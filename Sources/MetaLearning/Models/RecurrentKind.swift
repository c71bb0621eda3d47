import Settings
import TensorPrograms

/// Gated recurrent layers as configurations choose them.
public struct RecurrentKind: ModelKind {
  /// Units of each layer, input side first.
  public var hidden: [Int]
  /// Numbers that tokens become.
  public var embedding: Int

  /// The word for it.
  public static let word = "gru"
  /// Sizes.
  public static let schema = Schema<Self>(
    "gated recurrent layers over a sequence",
    Setting("hidden", \.hidden, .layerSizes(), unit: "units", "sizes of the layers"),
    Setting(
      "embedding", \.embedding, .integer(1...100_000), unit: "units", "numbers that tokens become"))

  /// One layer of 64 units, unless said otherwise.
  public init(hidden: [Int] = [64], embedding: Int = 64) {
    (self.hidden, self.embedding) = (hidden, embedding)
  }

  /// It embeds them.
  public var readsTokens: Bool { true }

  /// Sequences, or images as sequences of their pixels; one answer is that of the last position.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<LayeredModel> {
    guard examples.isSequence || examples.inputs.rank >= 2 else {
      throw ModelError(
        found: "gru beside examples of shape \(examples.inputs)",
        expected: "a task of sequences, or of images; or another model, such as mlp")
    }
    var layers: [any LayerKind] = examples.isSequence ? [] : [SequenceLayer()]
    if examples.tokens != nil { layers.append(EmbeddingLayer(features: embedding)) }
    layers += hidden.map { GRULayer(units: $0) }
    if examples.answers.rank == 0 { layers.append(LastLayer()) }
    return try LayeredKind(layers: layers).drawing(for: examples)
  }
}
