import Settings

/// A number that multiplies rates and changes over the steps.
public protocol Schedule: Kind {
  /// The number at step t of T, t counted from 0.
  func multiplier(at step: Int, of total: Int) -> Double
  /// Whether it is more than a multiplier, and means something to the outer loop alone; false by
  /// default.
  var isForOuterLoop: Bool { get }
}

extension Schedule {
  /// It multiplies rates.
  public var isForOuterLoop: Bool { false }
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
