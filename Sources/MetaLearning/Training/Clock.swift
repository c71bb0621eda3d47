import TensorPrograms

/// The time of each step of a stretch of a run: its number, the schedule's value, its row of rates.
public struct Clock {
  /// Which row of raw rates that change over time a step reads.
  enum Rows {
    /// All of them, one a step: known before anything runs.
    case range(Range<Int>)
    /// The row at an int32 index for each step.
    case indices(Tensor)
  }

  /// Steps before each step, [steps].
  public let steps: Tensor
  /// The schedule's values, [steps].
  public let multipliers: Tensor
  /// Where rates change over time; nil where they do not.
  let rows: Rows?

  private init(steps: Tensor, multipliers: Tensor, rows: Rows?) {
    (self.steps, self.multipliers, self.rows) = (steps, multipliers, rows)
  }

  /// A stretch of a run of `total` steps, known when it is traced.
  init(
    _ range: Range<Int>, of total: Int, schedule: any Schedule, rates: RateLayout,
    _ scalar: ScalarType
  ) {
    let values = Clock.values(range, of: total, schedule: schedule, rates: rates, scalar)
    (steps, multipliers) = (values[0], values[1])
    if let count = rates.timeRows {
      let rows = rates.rowOfStep(range.upperBound)[range]
      let isRange = Array(rows) == Array(range) && range.upperBound <= count
      self.rows = isRange ? .range(range) : .indices(values[2])
    } else {
      rows = nil
    }
  }

  /// A stretch whose time is an input of the program: what `values` gives.
  init(inputs: [Tensor]) {
    (steps, multipliers) = (inputs[0], inputs[1])
    rows = inputs.count > 2 ? .indices(inputs[2]) : nil
  }

  /// Steps, multipliers and, where rates change over time, rows, to be passed as inputs.
  static func values(
    _ range: Range<Int>, of total: Int, schedule: any Schedule, rates: RateLayout,
    _ scalar: ScalarType
  ) -> [Tensor] {
    let type = TensorType([range.count], scalar)
    let times = [
      Tensor(range.map(Double.init), type),
      Tensor(range.map { schedule.multiplier(at: $0, of: total) }, type),
    ]
    guard rates.timeRows != nil else { return times }
    return times + [Tensor(rates.rowOfStep(range.upperBound)[range].map { Int32($0) })]
  }

  /// The time of some of the steps.
  public func slice(_ range: Range<Int>) -> Clock {
    let rows: Rows? =
      switch rows {
      case nil: nil
      case .range(let all):
        .range(all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound)
      case .indices(let indices): .indices(indices.slice(range))
      }
    return Clock(steps: steps.slice(range), multipliers: multipliers.slice(range), rows: rows)
  }

  /// One row of the raw rates for each step; empty where rates do not change over time.
  public func rows(of raw: [Tensor]) -> [Tensor] {
    switch rows {
    case nil: []
    case .range(let range):
      raw.map { $0.shape[0] == range.count ? $0 : $0.slice(range) }
    case .indices(let indices): raw.map { $0.gather(indices) }
    }
  }
}
