import TensorPrograms

/// Rates over the steps of a run.
extension RateLayout {
  /// The unconstrained tensors that change over time.
  var timed: [Int] { terms.indices.filter { terms[$0].rows != nil }.flatMap(tensors(of:)) }

  /// How effective rates change over time: as the terms do, where those that change are alike, and
  /// else from step to step. Between knots the numbers behind the parameterization are on lines.
  public var time: RateTime {
    let times = terms.map(\.time).filter { $0 != .constant }
    guard let first = times.first else { return .constant }
    return times.allSatisfy { $0 == first } ? first : .step
  }

  /// What rates of one number per parameter and row are, that are the same as these at every step:
  /// lines between knots are lines behind the same parameterization, also where they stretch to
  /// other horizons.
  package var perParameter: RateSpecification {
    let hasKnots = terms.contains { if case .knots = $0.time { true } else { false } }
    // Beside terms that change otherwise, a knot for every step.
    let time: RateTime = hasKnots && time == .step ? .knots(steps) : time
    return RateSpecification(
      granularity: .parameter, time: time,
      parameterization: hasKnots ? specification.parameterization : .direct)
  }

  /// How many rows the time axis of effective rates has; nil where they are constant.
  public var timeRows: Int? { RateTerm.rows(time, steps: steps) }

  /// The inner steps, from 0, at which rows of effective rates begin or, where there are knots, are; nil
  /// for constant rates.
  public var rowSteps: [Double]? {
    guard let rows = timeRows else { return nil }
    switch time {
    case .constant, .step: return (0..<rows).map(Double.init)
    case .window(let width): return (0..<rows).map { Double($0 * width) }
    case .knots:
      // As the last knot is at the last step.
      return (0..<rows).map { Double($0 * (steps - 1)) / Double(max(1, rows - 1)) }
    }
  }

  /// The tensors of one step: those that change over time are given, in their order.
  func atStep(_ unconstrained: [Tensor], _ rows: [Tensor]?) -> [Tensor] {
    guard let rows else { return unconstrained }
    var tensors = unconstrained
    for (index, row) in zip(timed, rows) { tensors[index] = row }
    return tensors
  }

  /// The unconstrained tensors of one step of a run of so many: beyond the learned horizon the last
  /// row holds, and knots stretch.
  package func unconstrained(_ tensors: [Tensor], at step: Int, of total: Int) -> [Tensor] {
    let rows = RateRows(self, step..<step + 1, of: total)
    return atStep(tensors, rows.map { $0.rows(of: tensors).map { $0[0] } })
  }

  /// Effective rates in the parameters' shapes, behind an axis of the rows of `time` where rates
  /// change over time.
  public func expanded(_ unconstrained: [Tensor]) -> [Tensor] {
    guard let count = timeRows else { return parameterRates(unconstrained) }
    let own = timed.map { unconstrained[$0] }
    guard own.allSatisfy({ $0.shape[0] == count }) else {
      return expanded(unconstrained, of: steps)
    }
    return vmap(over: own) { parameterRates(atStep(unconstrained, $0)) }
  }

  /// Effective rates in the parameters' shapes at each step of a run of so many, where rates change
  /// over time.
  package func expanded(_ unconstrained: [Tensor], of total: Int) -> [Tensor] {
    guard let rows = RateRows(self, 0..<total, of: total)?.rows(of: unconstrained) else {
      return parameterRates(unconstrained)
    }
    return vmap(over: rows) { parameterRates(atStep(unconstrained, $0)) }
  }
}

/// Which rows of the tensors that change over time the steps of a stretch of a run read.
struct RateRows: ParameterStructure {
  /// The rows that the steps read of one term's tensors.
  private enum Reading {
    /// All of a range, one per step: known before anything runs.
    case range(Range<Int>)
    /// The row at an int32 index for each step.
    case indices(Tensor)
    /// A weighted mean of all rows for each step, [steps, rows].
    case weights(Tensor)
  }

  /// By term that changes over time.
  private var readings: [(tensors: Range<Int>, reading: Reading)]

  private init(_ readings: [(tensors: Range<Int>, reading: Reading)]) { self.readings = readings }

  /// Those of a stretch of a run of `total` steps; nil where rates are constant.
  ///
  /// - Parameter isInput: whether they are to be arguments of a program, which must not depend on
  ///   where the stretch begins.
  init?(_ layout: RateLayout, _ range: Range<Int>, of total: Int, isInput: Bool = false) {
    let changing = layout.terms.indices.filter { layout.terms[$0].rows != nil }
    guard !changing.isEmpty else { return nil }
    readings = changing.map { index in
      let term = layout.terms[index]
      return (layout.tensors(of: index), RateRows.reading(term, range, of: total, isInput))
    }
  }

  private static func reading(
    _ term: RateTerm, _ range: Range<Int>, of total: Int, _ isInput: Bool
  ) -> Reading {
    let count = term.rows!
    if case .knots = term.time {
      return .weights(
        Tensor(
          range.flatMap { knotWeights(count, at: $0, of: total) },
          TensorType([range.count, count], term.types[0].scalar)))
    }
    let width = if case .window(let width) = term.time { width } else { 1 }
    // Beyond the learned horizon the last row holds.
    let rows = range.map { min($0 / width, count - 1) }
    let isRange = !isInput && rows == Array(range) && range.upperBound <= count
    return isRange ? .range(range) : .indices(Tensor(rows.map { Int32($0) }))
  }

  /// How much of each knot a step has: the first step is at the first knot, the last at the last.
  static func knotWeights(_ count: Int, at step: Int, of total: Int) -> [Double] {
    let place = total > 1 ? Double(step) / Double(total - 1) * Double(count - 1) : 0
    let below = min(Int(place), count - 2)
    var weights = [Double](repeating: 0, count: count)
    weights[below + 1] = place - Double(below)
    weights[below] = 1 - weights[below + 1]
    return weights
  }

  /// Indices and weights.
  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in readings.indices {
      switch readings[index].reading {
      case .range: continue
      case .indices(var tensor):
        try body(path / "\(index)", &tensor)
        readings[index].reading = .indices(tensor)
      case .weights(var tensor):
        try body(path / "\(index)", &tensor)
        readings[index].reading = .weights(tensor)
      }
    }
  }

  /// Those of some of the steps.
  func slice(_ range: Range<Int>) -> RateRows {
    RateRows(
      readings.map { tensors, reading in
        switch reading {
        case .range(let all):
          (
            tensors,
            .range(all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
          )
        case .indices(let indices): (tensors, .indices(indices.slice(range)))
        case .weights(let weights): (tensors, .weights(weights.slice(range)))
        }
      })
  }

  /// One row for each step of the unconstrained tensors that change over time, in their order.
  func rows(of unconstrained: [Tensor]) -> [Tensor] {
    readings.flatMap { range, reading in
      unconstrained[range].map { tensor in
        switch reading {
        case .range(let rows):
          tensor.shape[0] == rows.count ? tensor : tensor.slice(rows)
        case .indices(let indices): tensor.gather(indices)
        case .weights(let weights):
          weights.product(
            tensor.reshaped(to: [tensor.shape[0], tensor.shape.dropFirst.count])
          ).reshaped(to: tensor.shape.dropFirst.prepending(weights.shape[0]))
        }
      }
    }
  }
}
