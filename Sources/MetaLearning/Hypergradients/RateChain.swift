import TensorPrograms

extension RateLayout {
  /// Gradients with respect to raw tensors from gradients with respect to one effective rate a
  /// parameter, [parameter shape]; for rates that do not change over time.
  func pullback(_ raw: [Tensor], _ gradients: [Tensor]) -> [Tensor] {
    gradient(at: raw) { raw in
      let terms = zip(effective(raw), gradients).map { ($0 * $1).sum() }
      return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
    }
  }
}
