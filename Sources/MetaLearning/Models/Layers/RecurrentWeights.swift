import TensorPrograms

/// Weights of a recurrent layer: for each of its gates, an affine map of what stands at a position and
/// one of what the layer answered at the position before.
struct RecurrentWeights: ParameterStructure {
  /// Shape [features, gates, units].
  var input: Tensor
  /// Shape [units, gates, units].
  var recurrent: Tensor
  /// Shape [gates, units] each.
  var inputBias, recurrentBias: Tensor

  var units: Int { input.shape[2] }
  private var gates: Int { input.shape[1] }

  /// Normal weights of variance 1/features and 1/units, and zero biases.
  init(
    features: Int, units: Int, gates: Int, from stream: inout RandomStream, _ scalar: ScalarType
  ) {
    func drawn(_ inputs: Int) -> Tensor {
      let scale = 1 / Double(inputs).squareRoot()
      return Tensor(TensorType([inputs, gates, units], scalar)) { scale * stream.normal() }
    }
    (input, recurrent) = (drawn(features), drawn(units))
    let zeros = Tensor.zeros(TensorType([gates, units], scalar))
    (inputBias, recurrentBias) = (zeros, zeros)
  }

  static let axes: [[Axis]] = [
    [.input, .gate, .output], [.gate, .output], [.recurrent, .gate, .output], [.gate, .output],
  ]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "input" / "weight", &input)
    try body(path / "input" / "bias", &inputBias)
    try body(path / "recurrent" / "weight", &recurrent)
    try body(path / "recurrent" / "bias", &recurrentBias)
  }

  /// What all positions say to the gates, [positions, batch, gates · units], of [batch, positions,
  /// features].
  func ofInputs(_ x: Tensor) -> Tensor {
    let (features, width) = (x.shape[2], gates * units)
    // Position by position, so that the loop reads rows.
    return x.transposed([1, 0, 2]).mappingRows {
      $0.product(input.reshaped(to: [features, width])) + inputBias.reshaped(to: [width])
    }
  }

  /// What answers [batch, units] say to the gates, [batch, gates · units].
  func ofAnswers(_ h: Tensor) -> Tensor {
    h.product(recurrent.reshaped(to: [units, gates * units]))
      + recurrentBias.reshaped(to: [gates * units])
  }

  /// One gate's [batch, units] of [batch, gates · units].
  func gate(_ index: Int, of all: Tensor) -> Tensor {
    all.slice(axis: 1, index * units..<(index + 1) * units)
  }
}
