import Settings
import TensorPrograms

/// A gated recurrent unit, from zeros at the first position: with r and z sigmoids of affine maps of
/// input and last answer, n = tanh(W_n x + b_n + r ∘ (U_n h + c_n)), it answers (1 − z) ∘ n + z ∘ h.
///
/// Source: Cho et al., "Learning phrase representations using RNN encoder–decoder" (2014), with the reset
/// gate behind the product, as fast libraries have it. Gates are in the order r, z, n.
public struct GRU: Layer {
  private var weights: RecurrentWeights

  /// A layer with normal weights of variance 1/inputs and zero biases.
  public init(features: Int, units: Int, from stream: inout RandomStream, _ scalar: ScalarType) {
    weights = RecurrentWeights(
      features: features, units: units, gates: 3, from: &stream, scalar)
  }

  /// `gru`, as paths of weights have it.
  public var name: String { "gru" }
  /// Gates have units in common.
  public var axes: [[Axis]] { RecurrentWeights.axes }

  /// Weight and bias of the input, then of the last answer.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try weights.visit(path, body)
  }

  /// [batch, positions, units] of [batch, positions, features].
  public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
    let start = Tensor.zeros(TensorType([x.shape[0], weights.units], x.scalarType))
    let answers = Tensor.scan(start, over: weights.ofInputs(x), length: x.shape[1]) { h, input in
      let fed = weights.ofAnswers(h)
      let reset = (weights.gate(0, of: input) + weights.gate(0, of: fed)).sigmoid()
      let kept = (weights.gate(1, of: input) + weights.gate(1, of: fed)).sigmoid()
      let new = (weights.gate(2, of: input) + reset * weights.gate(2, of: fed)).tanh()
      let next = new + kept * (h - new)
      return (next, next)
    }.outputs
    return answers.transposed([1, 0, 2])
  }
}

/// A gated recurrent unit as configurations list it.
public struct GRULayer: LayerKind {
  /// Numbers that it answers at each position.
  public var units: Int

  /// The word for it.
  public static let word = "gru"
  /// What it is, and its size.
  public static let schema = Schema<Self>(
    "a gated recurrent unit",
    Setting("units", \.units, .integer(1...100_000), unit: "units", "answers at each position"))

  /// 64 units, unless said otherwise.
  public init(units: Int = 64) { self.units = units }

  /// A layer for sequences.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a recurrent layer", rank: 2, "sequences of shape [positions, features]")
    return LayerDrawing(outputs: input.shape.replacingLast(by: units)) { [units] stream in
      GRU(features: input.features, units: units, from: &stream, input.scalar)
    }
  }
}
