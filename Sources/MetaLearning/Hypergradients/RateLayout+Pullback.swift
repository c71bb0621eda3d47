import TensorPrograms

extension RateLayout {
  /// Gradients with respect to unconstrained tensors from gradients with respect to one effective
  /// rate per parameter, [parameter shape]; for rates that do not change over time.
  func pullback(_ unconstrained: [Tensor], _ gradients: [Tensor]) -> [Tensor] {
    gradient(at: unconstrained) { dot(effective($0), gradients) }
  }
}
