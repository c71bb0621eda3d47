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

/// Where an increasing function reaches a value: by bisection, which is hard to get wrong, and in
/// the end by false position with Illinois's weights (Dowell and Jarratt 1971), which is fast
/// there.
private func inverse(
  of target: Double, from low: Double, to high: Double, _ function: (Double) -> Double
) -> Double {
  var (low, high) = (low, high)
  while high - low > 0.05 * max(1e-3, abs(low)) {
    let middle = low + (high - low) / 2
    if function(middle) < target { low = middle } else { high = middle }
  }
  var (below, above) = (function(low) - target, function(high) - target)
  // Which end moved last: one that stays twice counts half, or it would stay for ever.
  var moved = 0
  var last = Double.nan
  while above != 0 {
    let next = high - above * (high - low) / (above - below)
    if next <= low || next >= high || abs(next - last) <= 2 * next.ulp { break }
    last = next
    let found = function(next) - target
    if found < 0 {
      if moved < 0 { above /= 2 }
      (low, below, moved) = (next, found, -1)
    } else {
      if moved > 0 { below /= 2 }
      (high, above, moved) = (next, found, 1)
    }
  }
  return above == 0 || last.isNaN ? high : last
}
