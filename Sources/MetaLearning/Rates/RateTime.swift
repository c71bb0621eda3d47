import Settings

/// How rates change over the inner steps.
public enum RateTime: Sendable, Equatable {
  /// Not at all.
  case constant
  /// One rate for so many steps at a time.
  case window(Int)
  /// One rate per step.
  case step
  /// So many rates at equal distances from the first step to the last, at least two, and between
  /// them straight lines of unconstrained numbers; they stretch to runs of any length.
  case knots(Int)
}

extension RateTime {
  /// Whether lines between knots stand beside steps, windows or other knots.
  func isMixed(with other: RateTime) -> Bool {
    guard self != other, self != .constant, other != .constant else { return false }
    return [self, other].contains { if case .knots = $0 { true } else { false } }
  }
}

extension RateTime: CustomStringConvertible {
  /// `window(10)`, as tables and files have it.
  public var description: String {
    switch self {
    case .constant: "constant"
    case .window(let steps): "window(\(steps))"
    case .step: "step"
    case .knots(let count): "knots(\(count))"
    }
  }
}

extension Form<RateTime> {
  /// A word, or a window with its length.
  public static var rateTime: Form {
    .choice(
      "a time",
      [
        Alternative("constant", .constant, "the same rates at every step"),
        Alternative(
          "window", 10, "rates that change after every so many steps",
          Setting(
            "steps", \.self, .integer(), unit: "steps", "how long rates stay", mustBeWritten: true),
          value: { .window($0) },
          payload: { if case .window(let steps) = $0 { steps } else { nil } }),
        Alternative("step", .step, "rates of their own for each step"),
        Alternative(
          "knots", 5, "straight lines between rates at fractions of a run, of any length",
          Setting(
            "count", \.self, .integer(2...10_000), unit: "knots",
            "rates at equal distances from the first step to the last", mustBeWritten: true),
          value: { .knots($0) },
          payload: { if case .knots(let count) = $0 { count } else { nil } }),
      ])
  }
}
