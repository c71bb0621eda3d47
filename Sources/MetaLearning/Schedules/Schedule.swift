import Settings

/// A number that multiplies rates and changes over the steps.
public protocol Schedule: Kind {
  /// The number at step t of T, t counted from 0.
  func multiplier(at step: Int, of total: Int) -> Double
}

extension Laboratory {
  /// What may multiply rates.
  public var schedules: Kinds<any Schedule> {
    get { self[(any Schedule).self] }
    set { self[(any Schedule).self] = newValue }
  }
}
