/// Which parameters would share a rate.
extension RateLayout {
  /// For each parameter, tensor by tensor, which number it reads of constant rates of a granularity,
  /// counted over all tensors; of a layer factor, its exponent.
  package func groups(of granularity: Granularity) -> [Int] {
    if case .layerFactor(let index) = granularity {
      let exponents = index == .tensor ? Array(parameters.paths.indices) : parameters.layerOfTensor
      return zip(exponents, parameters.shapes).flatMap { [Int](repeating: $0, count: $1.count) }
    }
    let term = RateTerm(granularity, .constant, of: parameters, steps: steps, symmetry)
    return RateCells(term, parameters).ofParameters
  }
}
