import Settings

/// Which parameters share a learning rate.
public enum Granularity: Sendable, Equatable {
  /// One rate for all parameters.
  case global
  /// base · factor^index, index 0 nearest the input; the index counts layers or tensors.
  case layerFactor(index: LayerIndex)
  /// One rate per layer.
  case layer
  /// One rate per tensor.
  case tensor
  /// One rate per input unit: per position along the tensor's axis before the last, and one for a
  /// tensor that has no such axis, such as a bias.
  case inputUnit
  /// One rate per output unit: per position along the tensor's last axis.
  case outputUnit
  /// One rate for all parameters that no run tells apart, as their units can be exchanged: see
  /// `RateSymmetry`. Where weights are shared between runs, that is one per parameter.
  case orbit(assumesFresh: Bool = false)
  /// One rate per parameter.
  case parameter
}

extension Granularity: CustomStringConvertible {
  /// The word that configurations have for it.
  public var description: String {
    switch self {
    case .global: "global"
    case .layerFactor: "layerFactor"
    case .layer: "layer"
    case .tensor: "tensor"
    case .inputUnit: "inputUnit"
    case .outputUnit: "outputUnit"
    case .orbit: "orbit"
    case .parameter: "parameter"
    }
  }
}

/// What the exponent of a layer factor counts.
public enum LayerIndex: String, Sendable, CaseIterable {
  /// Tensors: a weight and its bias have different exponents.
  case tensor
  /// Layers with parameters.
  case layer
}

extension Granularity {
  /// The word with what it needs: `layerFactor by layer`, `orbit of fresh weights`.
  package var text: String {
    switch self {
    case .layerFactor(let index): "\(self) by \(index.rawValue)"
    case .orbit(assumesFresh: true): "\(self) of fresh weights"
    default: "\(self)"
    }
  }
}

extension Form<Granularity> {
  /// A word, or a layer factor with what its exponent counts.
  public static var granularity: Form {
    .choice(
      "a granularity",
      [
        Alternative("global", .global, "one rate for all parameters"),
        Alternative(
          "layerFactor", LayerIndex.layer, "a base and a factor: base · factor^index",
          Setting("index", \.self, .word("an index"), "what the factor's exponent counts"),
          value: { .layerFactor(index: $0) },
          payload: { if case .layerFactor(let index) = $0 { index } else { nil } }),
        Alternative("layer", .layer, "one rate per layer"),
        Alternative("tensor", .tensor, "one rate per tensor"),
        Alternative("inputUnit", .inputUnit, "one rate per input unit"),
        Alternative("outputUnit", .outputUnit, "one rate per output unit").formerly("row"),
        Alternative(
          "orbit", false, "one rate for all parameters that no run tells apart",
          Setting(
            "assume", \.self,
            .choice(
              "a symmetry",
              [
                Alternative("own", false, "that of the runs as they are"),
                Alternative("fresh", true, "that of runs with fresh weights"),
              ]), "whose symmetry it is", byDefault: "own", isWritten: { $0 }),
          value: { .orbit(assumesFresh: $0) },
          payload: { if case .orbit(let isFresh) = $0 { isFresh } else { nil } }),
        Alternative("parameter", .parameter, "one rate per parameter"),
      ])
  }
}
