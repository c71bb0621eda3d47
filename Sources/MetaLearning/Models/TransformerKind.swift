import Settings
import TensorPrograms

/// A transformer as configurations choose it: blocks of attention and of two dense layers, each a
/// residual with a layer normalization before it.
///
/// Source: Vaswani et al., "Attention is all you need" (2017), normalized as in Xiong et al., "On layer
/// normalization in the transformer architecture" (2020).
public struct TransformerKind: ModelKind {
  /// How blocks tell positions apart.
  public enum Positions: String, Sendable, CaseIterable {
    /// A row of weights for each, added at the start.
    case learned
    /// Queries and keys rotated by their positions.
    case rotary
    /// Not at all.
    case none
  }

  /// What a single answer is made of.
  public enum Answer: String, Sendable, CaseIterable {
    /// The last position.
    case last
    /// The mean over positions.
    case mean
  }

  /// Numbers at each position.
  public var width: Int
  /// How many blocks there are.
  public var blocks: Int
  /// Heads of each block's attention.
  public var heads: Int
  /// Units between each block's dense layers.
  public var feedForward: Int
  /// Whether positions see none behind them; nil where that follows from the task.
  public var causal: Bool?
  /// How blocks tell positions apart.
  public var positions: Positions
  /// The fraction dropped from what each block adds.
  public var dropout: Double
  /// What a single answer is made of.
  public var answer: Answer

  /// The word for it.
  public static let word = "transformer"
  /// Sizes, mask, positions.
  public static let schema = Schema<Self>(
    "blocks of attention and dense layers over a sequence",
    Setting("width", \.width, .integer(1...100_000), unit: "units", "numbers at each position"),
    Setting("blocks", \.blocks, .integer(0...1000), "how many blocks there are"),
    Setting("heads", \.heads, .integer(1...10_000), "of each block; they share the width"),
    Setting(
      "feedForward", \.feedForward, .integer(1...1_000_000), unit: "units",
      "between each block's dense layers"),
    Setting(
      "causal", \.causal, .optional(.flag),
      "whether positions see none behind them; none: where the task asks at each position"),
    Setting("positions", \.positions, .word("a way"), "how positions are told apart"),
    Setting("dropout", \.dropout, .number(.belowOne), "the fraction dropped from what blocks add"),
    Setting(
      "answer", \.answer, .word("a choice"), "what one answer to the whole sequence is made of"))

  /// Two blocks of width 64 with four heads and learned positions, unless said otherwise.
  public init(
    width: Int = 64, blocks: Int = 2, heads: Int = 4, feedForward: Int = 256,
    causal: Bool? = nil, positions: Positions = .learned, dropout: Double = 0,
    answer: Answer = .last
  ) {
    (self.width, self.blocks, self.heads) = (width, blocks, heads)
    (self.feedForward, self.causal, self.positions) = (feedForward, causal, positions)
    (self.dropout, self.answer) = (dropout, answer)
  }

  /// It embeds them.
  public var readsTokens: Bool { true }

  /// The same as a list of layers.
  func layers(for examples: ExampleForm) -> LayeredKind {
    let asksEach = examples.answers.rank == 1
    let drop: [any LayerKind] = dropout > 0 ? [DropoutLayer(rate: dropout)] : []
    let attention = AttentionLayer(
      heads: heads, causal: causal ?? asksEach, rotary: positions == .rotary)
    let block: [any LayerKind] = [
      ResidualLayer(layers: [LayerNormalizationLayer(), attention] + drop),
      ResidualLayer(
        layers: [
          LayerNormalizationLayer(), DenseLayer(units: feedForward), ActivationLayer(.gelu),
          DenseLayer(units: width),
        ] + drop),
    ]
    var layers: [any LayerKind] = examples.isSequence ? [] : [SequenceLayer()]
    layers.append(
      examples.tokens == nil ? DenseLayer(units: width) : EmbeddingLayer(features: width))
    if positions == .learned { layers.append(PositionsLayer()) }
    if blocks > 0 { layers.append(RepeatedLayers(times: blocks, layers: block)) }
    layers.append(LayerNormalizationLayer())
    if !asksEach { layers.append(answer == .last ? LastLayer() : MeanLayer()) }
    return LayeredKind(layers: layers)
  }

  /// Sequences, or images as sequences of their pixels.
  public func drawing(
    for examples: ExampleForm
  ) throws(ModelError) -> ModelDrawing<LayeredModel> {
    guard width % heads == 0, positions != .rotary || width / heads % 2 == 0 else {
      throw ModelError(
        "heads", found: "\(heads) heads that share a width of \(width)",
        expected: "a number that divides it" + (positions == .rotary ? " into even parts" : ""))
    }
    guard examples.isSequence || examples.inputs.rank >= 2 else {
      throw ModelError(
        found: "transformer beside examples of shape \(examples.inputs)",
        expected: "a task of sequences, or of images; or another model, such as mlp")
    }
    return try layers(for: examples).drawing(for: examples)
  }
}
