import Foundation
import TensorPrograms

/// Rates that are given, for a base without offsets.
extension RateLayout {
  /// Unconstrained tensors from one value per parameter, where parameters that share a rate have
  /// their values combined first.
  ///
  /// - Parameters:
  ///   - values: one per parameter, tensor by tensor.
  ///   - combine: one rate from the values of all parameters that share it.
  public func restricting(
    _ values: [[Double]], _ combine: ([Double]) throws(RateError) -> Double
  ) throws(RateError) -> [[Double]] {
    let term = terms[0]
    var groups = term.shapes.map { [[Double]](repeating: [], count: $0.count) }
    for (tensor, source) in sources.enumerated() {
      let positions = term.positions(of: tensor, parameters.shapes[tensor])
      for (position, value) in zip(positions, values[tensor]) {
        groups[source][position].append(value)
      }
    }
    var combined: [[Double]] = []
    for group in groups {
      var rates: [Double] = []
      for members in group { rates.append(try combine(members)) }
      combined.append(rates)
    }
    return combined
  }

  /// Unconstrained tensors with one number each.
  public func filled(_ numbers: [Double]) -> [Tensor] {
    zip(numbers, types).map { Tensor(repeating: $0, $1) }
  }

  /// Unconstrained tensors of the given rates of one step, the same in every row of time.
  ///
  /// - Throws: `RateError.impossibleInitial` for a rate that the parameterization cannot give.
  public func unconstrained(of rates: [[Double]]) throws(RateError) -> [Tensor] {
    var tensors: [Tensor] = []
    for (type, values) in zip(types, rates) {
      var row: [Double] = []
      for value in values { row.append(try unconstrained(value)) }
      tensors.append(
        Tensor((0..<(timeRows ?? 1)).flatMap { _ in row }, type))
    }
    return tensors
  }

  /// Unconstrained tensors whose effective rates are the given ones, [parameter shape] each or,
  /// where this layout's rates change over time, [rows, parameter shape] as well.
  ///
  /// - Throws: `RateError` where parameters that share a rate here have different ones there.
  public func unconstrained(givingEffective given: [Tensor]) throws(RateError) -> [Tensor] {
    for (tensor, (path, type)) in zip(given, zip(parameters.paths, parameters.types)) {
      guard tensor.shape == type.shape || tensor.shape.dropFirst == type.shape else {
        throw .unsupported(
          "the given rates of \(path) have shape \(tensor.shape), the model's weights "
            + "\(type.shape): give rates that were learned for this model")
      }
    }
    guard given.count == parameters.count else {
      throw .unsupported(
        "rates are given for \(given.count) tensors, the model has \(parameters.count)")
    }
    if case .layerFactor = specification.granularity {
      throw .unsupported(
        "given rates cannot start layer factors: choose another granularity, or the initial value "
          + "layerFactor")
    }
    let isTimed = zip(given, parameters.types).contains { $0.shape != $1.shape }
    let rows = isTimed ? given[0].shape[0] : 1
    guard rows == 1 || timeRows != nil else {
      throw .unsupported(
        "the given rates change over \(rows) rows of steps, rates.time is constant: choose window "
          + "or step")
    }
    // Beyond the given rows the last one holds.
    var byRow: [[[Double]]] = []
    for row in 0..<(timeRows ?? 1) {
      let values = given.map { tensor in
        isTimed ? tensor[min(row, rows - 1)].doubles : tensor.doubles
      }
      byRow.append(
        try restricting(values) { members throws(RateError) in
          let (low, high) = (members.min() ?? 0, members.max() ?? 0)
          guard high - low <= 1e-5 * max(abs(low), abs(high)) else {
            throw .unsupported(
              "parameters that share a rate here were given rates from \(low) to \(high): choose "
                + "the granularity that they were learned with, or parameter")
          }
          return members.first ?? 0
        })
    }
    var tensors: [Tensor] = []
    for (position, type) in types.enumerated() {
      var values: [Double] = []
      for row in byRow { for rate in row[position] { values.append(try unconstrained(rate)) } }
      tensors.append(Tensor(values, type))
    }
    return tensors
  }

  /// Unconstrained tensors of rates in inverse proportion to gradients' root mean squares.
  ///
  /// - Parameter meanSquares: of every parameter's gradient.
  func unconstrained(
    inverseTo meanSquares: [[Double]], median: Double
  ) throws(RateError) -> [Tensor] {
    if case .layerFactor = specification.granularity {
      throw .unsupported(
        "gradient magnitudes cannot start layer factors: choose another granularity, or the initial "
          + "value layerFactor")
    }
    var weights: [Double] = []
    let inverse = try restricting(meanSquares) { members in
      let mean = members.reduce(0, +) / Double(max(1, members.count))
      weights.append(Double(members.count))
      return 1 / mean.squareRoot()
    }
    let scale = median / RateLayout.weightedMedian(inverse.flatMap { $0 }, weights)
    return try unconstrained(
      of: inverse.map { $0.map { min(max($0 * scale, median / 100), median * 100) } })
  }

  /// The value below which half of the weight lies.
  private static func weightedMedian(_ values: [Double], _ weights: [Double]) -> Double {
    let sorted = zip(values, weights).sorted { $0.0 < $1.0 }
    let half = weights.reduce(0, +) / 2
    var sum = 0.0
    for (value, weight) in sorted {
      sum += weight
      // Parameters whose gradient is always zero have no finite value to be the middle.
      if sum >= half { return value.isFinite ? value : sorted.last { $0.0.isFinite }?.0 ?? 1 }
    }
    return 1
  }
}
