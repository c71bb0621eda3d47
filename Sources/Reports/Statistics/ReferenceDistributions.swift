import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
  /// The probability of a value up to `x`.
  package static func probability(upTo x: Double) -> Double {
    0.5 * erfc(-x / 2.0.squareRoot())
  }

  /// The value below which the given probability lies; ∓∞ at 0 and 1.
  package static func quantile(_ probability: Double) -> Double {
    precondition((0...1).contains(probability), "probability \(probability) is not in 0...1")
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    // The lower tail is the one that a floating-point number resolves.
    if probability > 0.5 { return -quantile(1 - probability) }
    return inverse(of: probability, from: -40, to: 0) { self.probability(upTo: $0) }
  }
}

/// Student's t distribution; its degrees of freedom need not be whole.
package enum StudentDistribution {
  /// The probability of a value up to `t` (Abramowitz and Stegun 26.7.1).
  package static func probability(upTo t: Double, degrees: Double) -> Double {
    precondition(degrees > 0, "Student's t needs more than \(degrees) degrees of freedom")
    let square = t * t
    if square == .infinity { return t < 0 ? 0 : 1 }
    // The share of both tails, or what is left of it: whichever is computed without cancellation.
    let tails =
      square < degrees
      ? 1 - IncompleteBeta.regularized(square / (degrees + square), 0.5, degrees / 2)
      : IncompleteBeta.regularized(degrees / (degrees + square), degrees / 2, 0.5)
    return t < 0 ? tails / 2 : 1 - tails / 2
  }

  /// The value below which the given probability lies.
  package static func quantile(_ probability: Double, degrees: Double) -> Double {
    precondition(probability > 0 && probability < 1, "probability \(probability) is not in 0..<1")
    if probability > 0.5 { return -quantile(1 - probability, degrees: degrees) }
    return inverse(of: probability, from: -1e6, to: 0) {
      self.probability(upTo: $0, degrees: degrees)
    }
  }
}

/// Where an increasing function reaches a value, by bisection: slow, and hard to get wrong.
private func inverse(
  of target: Double, from low: Double, to high: Double, _ function: (Double) -> Double
) -> Double {
  var (low, high) = (low, high)
  for _ in 0..<200 {
    let middle = low + (high - low) / 2
    if middle == low || middle == high { break }
    if function(middle) < target { low = middle } else { high = middle }
  }
  return low + (high - low) / 2
}
