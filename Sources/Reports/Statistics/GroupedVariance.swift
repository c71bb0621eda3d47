/// How much of the variance of numbers is explained by what groups of them have in common.
package enum GroupedVariance {
  /// A fit of numbers by fewer.
  package struct Fit: Sendable, Equatable {
    /// How many numbers fit the others.
    package let parameters: Int
    /// The explained share of the sum of squares about the mean, R²; nil where all are equal.
    package let share: Double?
    /// The share that as many numbers explain of pure noise, on average: (parameters − 1)/(n − 1).
    package let chance: Double
  }

  /// The fit of each number by the mean of its group.
  ///
  /// - Parameter groups: the group of each number; not all need to occur.
  package static func fit(_ values: [Double], by groups: [Int]) -> Fit {
    var sums: [Int: (sum: Double, count: Double)] = [:]
    for (value, group) in zip(values, groups) {
      sums[group, default: (0, 0)].sum += value
      sums[group]!.count += 1
    }
    let fitted = groups.map { sums[$0]!.sum / sums[$0]!.count }
    return fit(values, by: fitted, parameters: sums.count)
  }

  /// The fit of each number by a line over whole numbers, by least squares.
  package static func line(
    _ values: [Double], over positions: [Int]
  ) -> (intercept: Double, slope: Double, fit: Fit) {
    let count = Double(max(1, values.count))
    let x = positions.map(Double.init)
    let (meanX, meanY) = (x.reduce(0, +) / count, values.reduce(0, +) / count)
    let squares = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let products = zip(x, values).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let slope = squares > 0 ? products / squares : 0
    let intercept = meanY - slope * meanX
    let fitted = x.map { intercept + slope * $0 }
    return (intercept, slope, fit(values, by: fitted, parameters: squares > 0 ? 2 : 1))
  }

  private static func fit(_ values: [Double], by fitted: [Double], parameters: Int) -> Fit {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / max(1, count)
    let all = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let rest = zip(values, fitted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let size = values.reduce(0) { max($0, abs($1)) }
    // Numbers that differ by rounding alone are equal.
    let isEqual = all <= count * (1e-7 * size) * (1e-7 * size)
    return Fit(
      parameters: parameters, share: isEqual ? nil : 1 - rest / all,
      chance: count > 1 ? Double(parameters - 1) / (count - 1) : 0)
  }
}
