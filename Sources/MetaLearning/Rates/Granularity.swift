import Settings

/// Which parameters share a learning rate.
public enum Granularity: Sendable, Equatable {
  /// One rate.
  case global
  /// base · factor^index, index 0 nearest the input; the index counts layers or tensors.
  case layerFactor(index: LayerIndex)
  /// One rate a layer.
  case layer
  /// One rate a tensor.
  case tensor
  /// One rate an output unit: the tensor's last axis.
  case row
  /// One rate a parameter.
  case parameter
}

/// What the exponent of a layer factor counts.
public enum LayerIndex: String, Sendable, CaseIterable {
  /// Tensors: a weight and its bias have different exponents.
  case tensor
  /// Layers with parameters.
  case layer
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
        Alternative("layer", .layer, "one rate a layer"),
        Alternative("tensor", .tensor, "one rate a tensor"),
        Alternative("row", .row, "one rate an output unit"),
        Alternative("parameter", .parameter, "one rate a parameter"),
      ])
  }
}
