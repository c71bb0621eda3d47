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

  /// Unconstrained tensors of the given rates of one step, the same in every row of time or at
  /// every knot.
  ///
  /// - Throws: `RateError.impossibleInitial` for a rate that the parameterization cannot give.
  public func unconstrained(of rates: [[Double]]) throws(RateError) -> [Tensor] {
    var tensors: [Tensor] = []
    for (type, values) in zip(types, rates) {
      var row: [Double] = []
      for value in values { row.append(try unconstrained(value)) }
      tensors.append(
        Tensor((0..<(terms[0].rows ?? 1)).flatMap { _ in row }, type))
    }
    return tensors
  }

  /// Unconstrained tensors whose effective rates are the given ones, [parameter shape] each or,
  /// where this layout's rates change over time, [rows, parameter shape] as well.
  ///
  /// - Throws: `RateError` where parameters that share a rate here have different ones there, and where
  ///   no lines between knots go through the given rows.
  public func unconstrained(givingEffective given: [Tensor]) throws(RateError) -> [Tensor] {
    guard specification.offsets.isEmpty else {
      throw .unsupported("given rates are for a base without offsets: remove rates.terms")
    }
    for (tensor, (path, type)) in zip(given, zip(parameters.paths, parameters.types)) {
      guard tensor.shape == type.shape || tensor.shape.dropFirst == type.shape else {
        throw .unsupported(
          "the given rates of \(path) have shape \(tensor.shape), the model's weights "
            + "\(type.shape): give rates that were learned for this model, or take them over by tensor or "
            + "layer (rates.initial.by)")
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
    let ownRows = terms[0].rows
    guard rows == 1 || ownRows != nil else {
      throw .unsupported(
        "the given rates change over \(rows) rows of steps, rates.time is constant: choose window "
          + "or step")
    }
    // Lines between knots pass through rows of any number; beyond other rows the last one holds.
    let knots: Int? =
      if case .knots(let count) = specification.time, rows > 1 { count } else { nil }
    var byRow: [[[Double]]] = []
    for row in 0..<(knots == nil ? ownRows ?? 1 : rows) {
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
      if let knots { values = try RateLayout.knots(knots, through: values, rows: rows) }
      tensors.append(Tensor(values, type))
    }
    return tensors
  }

  /// The numbers at knots, [knots, …], between which lines go through the given numbers, [rows, …].
  private static func knots(
    _ count: Int, through values: [Double], rows: Int
  ) throws(RateError) -> [Double] {
    if count == rows { return values }
    let width = values.count / rows
    let weights = (0..<rows).map { RateRows.knotWeights(count, at: $0, of: rows) }
    // Least squares: the normal equations of few knots, which only neighbors share a row of.
    var matrix = (0..<count).map { first in
      (0..<count).map { second in weights.reduce(0) { $0 + $1[first] * $1[second] } }
    }
    var sides = (0..<count).map { knot in
      (0..<width).map { place in
        (0..<rows).reduce(0) { $0 + weights[$1][knot] * values[$1 * width + place] }
      }
    }
    for knot in 0..<count where count <= rows {
      for below in knot + 1..<count {
        let factor = matrix[below][knot] / matrix[knot][knot]
        for column in knot..<count { matrix[below][column] -= factor * matrix[knot][column] }
        for place in 0..<width { sides[below][place] -= factor * sides[knot][place] }
      }
    }
    for knot in (0..<count).reversed() {
      for place in 0..<width {
        let known = (knot + 1..<count).reduce(0) { $0 + matrix[knot][$1] * sides[$1][place] }
        sides[knot][place] = (sides[knot][place] - known) / matrix[knot][knot]
      }
    }
    let size = values.reduce(1e-30) { max($0, abs($1)) }
    let isExact = (0..<rows).allSatisfy { row in
      (0..<width).allSatisfy { place in
        let line = (0..<count).reduce(0) { $0 + weights[row][$1] * sides[$1][place] }
        return abs(line - values[row * width + place]) <= 1e-4 * size
      }
    }
    guard count <= rows, isExact else {
      throw .unsupported(
        "no lines between \(count) knots go through the given rates, which change over \(rows) rows: "
          + "choose the knots that they were learned with, or rates.time step")
    }
    return sides.flatMap { $0 }
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
