import TensorPrograms

/// How the effective rates of one tensor are distributed.
public struct RateStatistics: Sendable, Equatable {
  /// The levels that `quantiles` are at.
  public static let levels = [0.05, 0.25, 0.5, 0.75, 0.95]
  /// Quantiles at `levels`.
  public var quantiles: [Double]
  /// How many rates are below zero.
  public var fractionNegative: Double
  /// How many rates are within a thousandth of a bound of their parameterization: 0, or the maximum
  /// of `sigmoid`.
  public var fractionAtBound: Double

  /// A rate of usual size: the middle one by magnitude.
  public static func typical(_ rates: [Tensor]) -> Double {
    let sorted = rates.flatMap { $0.doubles.map(abs) }.sorted()
    return sorted.isEmpty ? 1 : sorted[sorted.count / 2]
  }

  /// The given statistics.
  public init(quantiles: [Double], fractionNegative: Double, fractionAtBound: Double) {
    self.quantiles = quantiles
    self.fractionNegative = fractionNegative
    self.fractionAtBound = fractionAtBound
  }

  /// The statistics of effective rates; `typical` is a rate of usual size, to tell "at 0" by.
  public init(_ rates: [Double], parameterization: Parameterization, typical: Double) {
    let sorted = rates.sorted()
    let count = Double(max(1, sorted.count))
    quantiles = RateStatistics.levels.map { level in
      guard !sorted.isEmpty else { return .nan }
      let position = level * Double(sorted.count - 1)
      let low = Int(position)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
    }
    fractionNegative = Double(sorted.filter { $0 < 0 }.count) / count
    let atBound: (Double) -> Bool =
      switch parameterization {
      case .direct: { _ in false }
      case .log, .softplus: { $0 < 1e-3 * typical }
      case .sigmoid(let maximum): { $0 < 1e-3 * maximum || $0 > 0.999 * maximum }
      }
    fractionAtBound = Double(sorted.filter(atBound).count) / count
  }
}
