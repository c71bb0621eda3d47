import Foundation
import Settings
import TensorPrograms

/// Multi-head self-attention: each head h answers softmax(Q Kᵀ / √d) V at every position, with
/// Q = x·W_q + b_q and likewise K and V; the heads' answers are mixed by W_o and b_o.
///
/// Source: Vaswani et al., "Attention is all you need" (2017); rotary positions: Su et al.,
/// "RoFormer" (2021), with the halves of a head as pairs.
public struct Attention: Layer {
  /// Weights of queries, keys and values: [features, heads, units of a head] each.
  public var query, key, value: Tensor
  /// Their biases: [heads, units of a head] each.
  public var queryBias, keyBias, valueBias: Tensor
  /// How heads are mixed: [heads, units of a head, features].
  public var mixing: Tensor
  /// The bias of answers, [features].
  public var bias: Tensor
  /// Whether positions see none behind them.
  public let isCausal: Bool
  /// Whether queries and keys are rotated by their positions.
  public let isRotary: Bool

  /// A layer with normal weights of variance 1/inputs and zero biases; the heads divide the features.
  public init(
    features: Int, heads: Int, isCausal: Bool, isRotary: Bool = false,
    from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    let units = features / heads
    let scale = 1 / Double(features).squareRoot()
    func drawn(_ shape: Shape) -> Tensor {
      Tensor(TensorType(shape, scalar)) { scale * stream.normal() }
    }
    query = drawn([features, heads, units])
    key = drawn([features, heads, units])
    value = drawn([features, heads, units])
    mixing = drawn([heads, units, features])
    let zeros = Tensor.zeros(TensorType([heads, units], scalar))
    (queryBias, keyBias, valueBias) = (zeros, zeros, zeros)
    bias = .zeros(TensorType([features], scalar))
    (self.isCausal, self.isRotary) = (isCausal, isRotary)
  }

  /// `attention`, as paths of weights have it.
  public var name: String { "attention" }

  /// Queries and keys have units in common, and values and what mixes them; rotated ones are pairs at
  /// frequencies of their own.
  public var axes: [[Axis]] {
    let (heads, units) = (query.shape[1], query.shape[2])
    let head = Axis(Axis.head.name, units: Units("heads", heads))
    let compared = Axis("query_unit", units: isRotary ? nil : Units("query units", units))
    let valued = Axis("value_unit", units: Units("value units", units))
    return [
      [.input, head, compared], [head, compared], [.input, head, compared], [head, compared],
      [.input, head, valued], [head, valued], [head, valued, .output], [.output],
    ]
  }

  /// Query, key, value and output, weight before bias.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "query" / "weight", &query)
    try body(path / "query" / "bias", &queryBias)
    try body(path / "key" / "weight", &key)
    try body(path / "key" / "bias", &keyBias)
    try body(path / "value" / "weight", &value)
    try body(path / "value" / "bias", &valueBias)
    try body(path / "output" / "weight", &mixing)
    try body(path / "output" / "bias", &bias)
  }

  /// [batch, positions, features].
  public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let (batch, positions, features) = (x.shape[0], x.shape[1], x.shape[2])
    let (heads, units) = (query.shape[1], query.shape[2])
    let width = heads * units
    let rows = x.reshaped(to: [batch * positions, features])
    /// [batch, heads, positions, units].
    func byHead(_ weight: Tensor, _ bias: Tensor) -> Tensor {
      (rows.product(weight.reshaped(to: [features, width])) + bias.reshaped(to: [width]))
        .reshaped(to: [batch, positions, heads, units]).transposed([0, 2, 1, 3])
    }
    var (queries, keys) = (byHead(query, queryBias), byHead(key, keyBias))
    if isRotary { (queries, keys) = (queries.rotatedByPosition(), keys.rotatedByPosition()) }
    var scores = queries.product(keys, transposeRight: true) * (1 / Double(units).squareRoot())
    if isCausal { scores = scores.hidingWhatFollows() }
    return scores.softmax().product(byHead(value, valueBias))
      .transposed([0, 2, 1, 3]).reshaped(to: [batch * positions, width])
      .product(mixing.reshaped(to: [width, features]))
      .reshaped(to: x.shape) + bias
  }
}

extension Tensor {
  /// Pairs (i, i + d/2) of the d numbers at each position p of the last axis but one, turned by
  /// p · 10000^(−2i/d).
  fileprivate func rotatedByPosition() -> Tensor {
    let (positions, half) = (shape[rank - 2], shape[rank - 1] / 2)
    func table(_ function: (Double) -> Double) -> Tensor {
      let angles = (0..<positions).flatMap { position in
        (0..<half).map { Double(position) * pow(10_000, -Double($0) / Double(half)) }
      }
      return Tensor(angles.map(function), TensorType([positions, half], scalarType))
    }
    let (cosines, sines) = (table { Foundation.cos($0) }, table { Foundation.sin($0) })
    let (first, second) = (
      slice(axis: rank - 1, 0..<half), slice(axis: rank - 1, half..<2 * half)
    )
    return .concatenate(
      [first * cosines - second * sines, second * cosines + first * sines], axis: rank - 1)
  }

  /// Scores [queries, keys] in the last two axes, with keys behind their query at a value that a
  /// softmax makes 0.
  fileprivate func hidingWhatFollows() -> Tensor {
    let positions = shape[rank - 1]
    let seen = Tensor(repeating: 1, TensorType([positions, positions], scalarType)).lowerTriangle()
    return .select(seen, self, otherwise: Tensor(repeating: -1e30, type))
  }
}

/// Attention as configurations list it.
public struct AttentionLayer: LayerKind {
  /// How many heads there are.
  public var heads: Int
  /// Whether positions see none behind them.
  public var causal: Bool
  /// Whether queries and keys are rotated by their positions.
  public var rotary: Bool

  /// The word for it.
  public static let word = "attention"
  /// Heads, mask, positions.
  public static let schema = Schema<Self>(
    "multi-head self-attention",
    Setting("heads", \.heads, .integer(1...10_000), "how many; they share the features"),
    Setting("causal", \.causal, .flag, "whether positions see none behind them"),
    Setting("rotary", \.rotary, .flag, "whether queries and keys are rotated by their positions"))

  /// Four heads that see all positions, unless said otherwise.
  public init(heads: Int = 4, causal: Bool = false, rotary: Bool = false) {
    (self.heads, self.causal, self.rotary) = (heads, causal, rotary)
  }

  /// A layer for sequences.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("attention", rank: 2, "sequences of shape [positions, features]")
    let features = input.features
    guard features % heads == 0 else {
      throw ModelError(
        "heads", found: "\(heads) heads behind outputs of shape \(input.shape)",
        expected: "a number that divides \(features) features")
    }
    guard !rotary || features / heads % 2 == 0 else {
      throw ModelError(
        "rotary", found: "heads of \(features / heads) features, an odd number",
        expected: "an even one, whose halves are rotated against each other")
    }
    return LayerDrawing(outputs: input.shape) { [self] stream in
      Attention(
        features: features, heads: heads, isCausal: causal, isRotary: rotary, from: &stream,
        input.scalar)
    }
  }
}
