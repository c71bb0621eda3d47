import Settings
import TensorPrograms

/// Long short-term memory, from zeros at the first position: with i, f and o sigmoids and g a tanh of
/// affine maps of input and last answer, the memory c becomes f ∘ c + i ∘ g, and the answer is
/// o ∘ tanh(c).
///
/// Source: Hochreiter and Schmidhuber, "Long short-term memory" (1997), with the forget gate of Gers,
/// Schmidhuber and Cummins (2000). Gates are in the order i, f, g, o.
public struct LSTM: Layer {
  private var weights: RecurrentWeights

  /// A layer with normal weights of variance 1/inputs and zero biases.
  public init(features: Int, units: Int, from stream: inout RandomStream, _ scalar: ScalarType) {
    weights = RecurrentWeights(
      features: features, units: units, gates: 4, from: &stream, scalar)
  }

  /// `lstm`, as paths of weights have it.
  public var name: String { "lstm" }
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
    let zeros = Tensor.zeros(TensorType([x.shape[0], weights.units], x.scalarType))
    let answers = Tensor.scan([zeros, zeros], over: weights.ofInputs(x), length: x.shape[1]) {
      carry, input in
      let all = input + weights.ofAnswers(carry[0])
      let taken = weights.gate(0, of: all).sigmoid() * weights.gate(2, of: all).tanh()
      let memory = weights.gate(1, of: all).sigmoid() * carry[1] + taken
      let answer = weights.gate(3, of: all).sigmoid() * memory.tanh()
      return ([answer, memory], answer)
    }.outputs
    return answers.transposed([1, 0, 2])
  }
}

/// Long short-term memory as configurations list it.
public struct LSTMLayer: LayerKind {
  /// Numbers that it answers at each position.
  public var units: Int

  /// The word for it.
  public static let word = "lstm"
  /// What it is, and its size.
  public static let schema = Schema<Self>(
    "long short-term memory",
    Setting("units", \.units, .integer(1...100_000), unit: "units", "answers at each position"))

  /// 64 units, unless said otherwise.
  public init(units: Int = 64) { self.units = units }

  /// A layer for sequences.
  public func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing {
    try input.require("a recurrent layer", rank: 2, "sequences of shape [positions, features]")
    return LayerDrawing(outputs: input.shape.replacingLast(by: units)) { [units] stream in
      LSTM(features: input.features, units: units, from: &stream, input.scalar)
    }
  }
}
