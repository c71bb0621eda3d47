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
    var magnitudes = rates.flatMap { $0.doubles.map(abs) }
    guard !magnitudes.isEmpty else { return 1 }
    let middle = magnitudes.count / 2
    magnitudes.settle([middle])
    return magnitudes[middle]
  }

  /// The given statistics.
  public init(quantiles: [Double], fractionNegative: Double, fractionAtBound: Double) {
    self.quantiles = quantiles
    self.fractionNegative = fractionNegative
    self.fractionAtBound = fractionAtBound
  }

  /// The statistics of effective rates; `typical` is a rate of usual size, to tell "at 0" by.
  public init(_ rates: [Double], parameterization: Parameterization, typical: Double) {
    let count = Double(max(1, rates.count))
    let positions = RateStatistics.levels.map { $0 * Double(max(0, rates.count - 1)) }
    let last = max(0, rates.count - 1)
    var settled = rates
    settled.settle(positions.flatMap { [Int($0), min(Int($0) + 1, last)] })
    quantiles = positions.map { position in
      guard !rates.isEmpty else { return .nan }
      let low = Int(position)
      let (below, above) = (settled[low], settled[min(low + 1, last)])
      let share = position - Double(low)
      // Between infinities, and with none of it, there is no line.
      return share == 0 || below == above ? below : below + share * (above - below)
    }
    fractionNegative = Double(rates.count { $0 < 0 }) / count
    let atBound: (Double) -> Bool =
      switch parameterization {
      case .direct: { _ in false }
      case .log, .softplus: { $0 < 1e-3 * typical }
      case .sigmoid(let maximum): { $0 < 1e-3 * maximum || $0 > 0.999 * maximum }
      }
    fractionAtBound = Double(rates.count(where: atBound)) / count
  }
}
