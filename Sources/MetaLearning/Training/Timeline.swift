import TensorPrograms

/// The time of each step of a stretch of a run: its number, the schedule's value, its row of rates.
public struct Timeline: ParameterStructure {
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
    // Straight to where they belong: of absurdly many steps nothing is made but the refusal.
    func row(_ value: (Int) -> Double) -> Tensor {
      var step = range.lowerBound
      return Tensor(type) {
        defer { step += 1 }
        return value(step)
      }
    }
    times = StepTime(
      step: row { Double($0) }, multiplier: row { schedule.multiplier(at: $0, of: total) })
    rateRows = RateRows(rates, range, of: total, isInput: isInput)
  }

  /// Numbers, multipliers, and which rows of rates.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try times.visit(path, body)
    try rateRows.visit(path / "rate_rows", body)
  }

  /// The time of some of the steps.
  public func slice(_ range: Range<Int>) -> Timeline {
    Timeline(
      times: times.mapTensors { $0.slice(range) }, rateRows: rateRows.map { $0.slice(range) })
  }

  /// One row for each step of the unconstrained rates that change over time, in their order; nil where
  /// none do.
  func rows(of rates: [Tensor]) -> [Tensor]? { rateRows?.rows(of: rates) }
}
