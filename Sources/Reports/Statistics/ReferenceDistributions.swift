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

/// Student's t distribution with a whole number of degrees of freedom.
package enum StudentDistribution {
  /// The probability of a value up to `t` (Abramowitz and Stegun 26.7.3 and 26.7.4).
  package static func probability(upTo t: Double, degrees: Int) -> Double {
    precondition(degrees >= 1, "Student's t needs at least one degree of freedom, not \(degrees)")
    let angle = atan(t / Double(degrees).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    let odd = degrees % 2 == 1
    // Even: sin·(1 + 1/2·cos² + 3/8·cos⁴ + …); odd: the same from cos with factors 2/3, 4/5, …
    var term = odd ? cosine : 1
    var sum = degrees == 1 ? 0 : term
    for power in stride(from: odd ? 3 : 2, to: degrees, by: 2) {
      term *= cosine * cosine * Double(power - 1) / Double(power)
      sum += term
    }
    let central = odd ? 2 / Double.pi * (angle + sine * sum) : sine * sum
    return 0.5 + 0.5 * central
  }

  /// The value below which the given probability lies.
  package static func quantile(_ probability: Double, degrees: Int) -> Double {
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
