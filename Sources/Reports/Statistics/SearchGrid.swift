import Foundation

/// Candidate values for tuning positive hyperparameters, evenly spread over their logarithms.
package enum SearchGrid {
  /// The end of a range at which a search found its optimum.
  package enum Edge: Sendable {
    /// The small values.
    case lower
    /// The large values.
    case upper
  }

  /// `count` values from one positive end to the other with equal ratios, both ends exact.
  ///
  /// One value is the geometric mean of the ends.
  package static func logarithmic(
    from first: Double, to last: Double, count: Int
  ) -> [Double] {
    requirePositive(min(first, last)...max(first, last))
    precondition(count >= 1, "a grid needs at least one value, not \(count)")
    if count == 1 { return [(first * last).squareRoot()] }
    return (0..<count).map { index in
      // Rounding in exp(log(…)) would move the ends, and the ends are what people quote.
      if index == 0 { return first }
      if index == count - 1 { return last }
      let fraction = Double(index) / Double(count - 1)
      return exp(log(first) * (1 - fraction) + log(last) * fraction)
    }
  }

  /// `count` values from one end to the other at equal distances, both ends exact.
  ///
  /// One value is the middle.
  package static func linear(from first: Double, to last: Double, count: Int) -> [Double] {
    precondition(count >= 1, "a grid needs at least one value, not \(count)")
    if count == 1 { return [first + (last - first) / 2] }
    return (0..<count).map { index in
      if index == count - 1 { return last }
      return first + (last - first) * (Double(index) / Double(count - 1))
    }
  }

  /// `count` points that fill the unit cube of so many dimensions evenly, [count][dimensions], each
  /// number in 0..<1.
  ///
  /// The R sequence of Roberts (2018), uₖ = s + k·(1/g, 1/g², …, 1/gᵈ) mod 1 with g the root of
  /// gᵈ⁺¹ = g + 1 (golden ratio, plastic number, …), and s a random shift (Cranley and Patterson
  /// 1976). Any first part of the sequence is even too, so that a search can stop early; each point
  /// alone is uniform over the cube.
  package static func quasiRandomPoints(
    count: Int, dimensions: Int, generator: inout some RandomNumberGenerator
  ) -> [[Double]] {
    precondition(count >= 0, "a search has no \(count) points")
    precondition(dimensions >= 1, "a search has no \(dimensions) dimensions")
    let root = harmoniousNumber(dimensions: dimensions)
    var powers: [Double] = []
    for _ in 0..<dimensions { powers.append((powers.last ?? 1) * root) }
    let shift = powers.map { _ in Double.random(in: 0..<1, using: &generator) }
    return (0..<count).map { index in
      zip(shift, powers).map { ($0 + Double(index) / $1).truncatingRemainder(dividingBy: 1) }
    }
  }

  /// The positive root of gᵈ⁺¹ = g + 1.
  private static func harmoniousNumber(dimensions: Int) -> Double {
    // gᵈ⁺¹ - g - 1 is negative at 1, positive at 2 and convex between: Newton falls to the root.
    var root = 2.0
    for _ in 0..<64 {
      let power = (0..<dimensions).reduce(1.0) { product, _ in product * root }
      let next =
        root - (power * root - root - 1) / (Double(dimensions + 1) * power - 1)
      if next >= root { break }
      root = next
    }
    return root
  }

  /// `count` points that fill the rectangle of two ranges evenly in log space, by
  /// `quasiRandomPoints`.
  package static func quasiRandomPairs(
    count: Int, first: ClosedRange<Double>, second: ClosedRange<Double>,
    generator: inout some RandomNumberGenerator
  ) -> [(first: Double, second: Double)] {
    requirePositive(first)
    requirePositive(second)
    return quasiRandomPoints(count: count, dimensions: 2, generator: &generator).map {
      (logarithmicValue(at: $0[0], in: first), logarithmicValue(at: $0[1], in: second))
    }
  }

  /// Whether the best candidate is the least or the greatest of its grid, so that the optimum may
  /// lie beyond it.
  package static func isOnEdge(_ best: Double, of grid: [Double]) -> Bool {
    grid.allSatisfy { best <= $0 } || grid.allSatisfy { best >= $0 }
  }

  /// The end of a range near which the best candidate lies, if any.
  ///
  /// Near is within `margin` of the range's length in log space: quasi-random points never fall on
  /// the ends themselves.
  package static func edge(
    of range: ClosedRange<Double>, near best: Double, margin: Double = 0.1
  ) -> Edge? {
    requirePositive(range)
    let length = log(range.upperBound) - log(range.lowerBound)
    let fromLower = log(best) - log(range.lowerBound)
    let fromUpper = log(range.upperBound) - log(best)
    if min(fromLower, fromUpper) > margin * length { return nil }
    return fromLower <= fromUpper ? .lower : .upper
  }

  /// The range with one end moved outwards by a factor, such as 10.
  package static func widened(
    _ range: ClosedRange<Double>, at edge: Edge, by factor: Double
  ) -> ClosedRange<Double> {
    precondition(factor > 1, "a range is widened by a factor above 1, not \(factor)")
    switch edge {
    case .lower: return (range.lowerBound / factor)...range.upperBound
    case .upper: return range.lowerBound...(range.upperBound * factor)
    }
  }

  /// The value at a fraction of a range in log space, never outside by rounding.
  package static func logarithmicValue(
    at fraction: Double, in range: ClosedRange<Double>
  ) -> Double {
    let (low, high) = (log(range.lowerBound), log(range.upperBound))
    let value = exp(low + (high - low) * fraction)
    return min(max(value, range.lowerBound), range.upperBound)
  }

  private static func requirePositive(_ range: ClosedRange<Double>) {
    precondition(
      range.lowerBound > 0 && range.upperBound.isFinite,
      "a logarithmic search needs positive, finite ends, not \(range)")
  }
}
