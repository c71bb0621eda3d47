/// A setting of learning that cannot work: an initial value that cannot be trained from, or parts
/// that exclude each other.
public enum RateError: Error, Equatable, CustomStringConvertible {
  /// The initial rate has no unconstrained value under the parameterization.
  case impossibleInitial(rate: Double, parameterization: Parameterization)
  /// A layer factor that is no positive number.
  case impossibleFactor(Double)
  /// A scalar at the edge of what it may become, where it cannot be trained from.
  case impossibleScalar(name: String, value: Double, range: ScalarLayout.Range)
  /// Something that cannot be combined.
  case unsupported(String)

  /// One sentence: what was found and what to do.
  public var description: String {
    switch self {
    case .impossibleInitial(let rate, let parameterization):
      "the initial rate \(rate) is impossible under the parameterization \(parameterization): "
        + "choose a rate in its range, or parameterization direct"
    case .impossibleFactor(let factor):
      "the initial layer factor \(factor) is impossible: choose a positive number"
    case .impossibleScalar(let name, let value, let range):
      "\(name) \(value) cannot be learned: choose an initial value "
        + (range == .unitInterval ? "between 0 and 1, both excluded" : "above 0")
    case .unsupported(let what): what
    }
  }
}
