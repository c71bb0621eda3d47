import TensorPrograms

/// The time of each step of a stretch of a run: its number, the schedule's value, its row of rates.
public struct Timeline: ParameterStructure {
  /// Which row of unconstrained rates that change over time a step reads.
  enum RateRows {
    /// All of them, one per step: known before anything runs.
    case range(Range<Int>)
    /// The row at an int32 index for each step.
    case indices(Tensor)
  }

  /// The number and the multiplier of each step, [steps] each.
  public private(set) var times: StepTime
  /// Where rates change over time; nil where they do not.
  private var rateRows: RateRows?

  private init(times: StepTime, rateRows: RateRows?) {
    (self.times, self.rateRows) = (times, rateRows)
  }

  /// The given times of steps whose rates do not change over time.
  init(times: StepTime) { self.init(times: times, rateRows: nil) }

  /// A stretch of a run of `total` steps.
  ///
  /// - Parameter isInput: whether it is to be an argument of a program, which must not depend on
  ///   where the stretch begins.
  init(
    _ range: Range<Int>, of total: Int, schedule: any Schedule, rates: RateLayout,
    _ scalar: ScalarType, isInput: Bool = false
  ) {
    let type = TensorType([range.count], scalar)
    times = StepTime(
      step: Tensor(range.map(Double.init), type),
      multiplier: Tensor(range.map { schedule.multiplier(at: $0, of: total) }, type))
    guard let count = rates.timeRows else { return }
    let rows = Array(rates.rowOfStep(range.upperBound)[range])
    let isRange = !isInput && rows == Array(range) && range.upperBound <= count
    rateRows = isRange ? .range(range) : .indices(Tensor(rows.map { Int32($0) }))
  }

  /// Numbers, multipliers, indices of rows of rates.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try times.visit(path, body)
    if case .indices(var indices) = rateRows {
      try body(path / "rate_rows", &indices)
      rateRows = .indices(indices)
    }
  }

  /// The time of some of the steps.
  public func slice(_ range: Range<Int>) -> Timeline {
    let rows: RateRows? =
      switch rateRows {
      case nil: nil
      case .range(let all):
        .range(all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
      case .indices(let indices): .indices(indices.slice(range))
      }
    return Timeline(times: times.mapTensors { $0.slice(range) }, rateRows: rows)
  }

  /// One row of the unconstrained rates for each step; nil where rates do not change over time.
  public func rows(of rates: [Tensor]) -> [Tensor]? {
    switch rateRows {
    case nil: nil
    case .range(let range):
      rates.map { $0.shape[0] == range.count ? $0 : $0.slice(range) }
    case .indices(let indices): rates.map { $0.gather(indices) }
    }
  }
}
