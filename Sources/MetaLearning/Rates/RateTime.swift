import Settings

/// How rates change over the inner steps.
public enum RateTime: Sendable, Equatable {
  /// Not at all.
  case constant
  /// One rate for so many steps at a time.
  case window(Int)
  /// One rate per step.
  case step
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
      ])
  }
}
