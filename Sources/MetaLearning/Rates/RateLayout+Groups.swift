import TensorPrograms

/// Which parameters would share a rate.
extension RateLayout {
  /// For each tensor, which number each of its parameters reads of constant rates of a granularity,
  /// counted over all tensors; of a layer factor, its exponent.
  package func groups(of granularity: Granularity) -> [[Int]] {
    if case .layerFactor(let index) = granularity {
      let exponents = index == .tensor ? Array(parameters.paths.indices) : parameters.layerOfTensor
      return zip(exponents, parameters.shapes).map { [Int](repeating: $0, count: $1.count) }
    }
    let term = RateTerm(granularity, .constant, of: parameters, steps: steps, symmetry)
    var starts: [Int] = []
    var next = 0
    for shape in term.shapes {
      starts.append(next)
      next += shape.count
    }
    return parameters.shapes.enumerated().map { tensor, shape in
      term.positions(of: tensor, shape).map { starts[term.sources[tensor]] + $0 }
    }
  }
}
