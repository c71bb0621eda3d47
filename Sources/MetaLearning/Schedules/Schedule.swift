import Settings

/// A number that multiplies rates and changes over the steps.
public protocol Schedule: Kind {
  /// The number at step t of T, t counted from 0.
  func multiplier(at step: Int, of total: Int) -> Double
}

extension Family<any Schedule> {
  /// What multiplies rates over time.
  public static var schedules: Self { Family("a schedule", reserved: ["for"]) { $0 } }
}

extension Laboratory {
  /// What may multiply rates.
  public var schedules: Registry<any Schedule> {
    get { self[.schedules] }
    set { self[.schedules] = newValue }
  }
}
