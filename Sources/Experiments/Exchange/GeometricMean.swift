import Foundation

/// Geometric means of rates.
package enum GeometricMean {
  /// Rates that have none.
  package struct Refusal: Error {
    /// What was found.
    package let found: String
  }

  /// The mean of rates above 0, or of rates that are all the same.
  static func of(_ rates: some Collection<Double>) throws(Refusal) -> Double {
    guard let first = rates.first else { return 0 }
    if rates.allSatisfy({ $0 == first }) { return first }
    if let other = rates.first(where: { !($0 > 0) }) {
      throw Refusal(found: "\(other) among others")
    }
    return exp(rates.reduce(0) { $0 + log($1) } / Double(rates.count))
  }

  /// The rate between two at a fraction of the way: on a line between their logarithms, or between
  /// themselves where one of them has none.
  static func between(_ first: Double, _ second: Double, at fraction: Double) -> Double {
    if fraction == 0 || first == second { return first }
    guard first > 0, second > 0 else { return first + fraction * (second - first) }
    return exp(log(first) + fraction * (log(second) - log(first)))
  }
}
