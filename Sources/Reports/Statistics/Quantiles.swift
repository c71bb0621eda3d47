/// Quantiles of an empirical sample.
package enum Quantiles {
  /// The quantile of type 7 (Hyndman and Fan 1996), as in R and NumPy by default.
  ///
  /// With n values sorted ascending and h = (n - 1)·p, the value at rank h, linearly interpolated
  /// between ranks ⌊h⌋ and ⌈h⌉. Between a finite and an infinite value it is the infinite one;
  /// between -∞ and +∞ it is 0, so that exchanging the arms of a comparison changes only the sign.
  package static func quantile(_ probability: Double, ofSorted values: [Double]) -> Double {
    precondition(!values.isEmpty, "a quantile needs at least one value")
    precondition((0...1).contains(probability), "probability \(probability) is not in 0...1")
    let rank = Double(values.count - 1) * probability
    let below = Int(rank)
    let (low, high) = (values[below], values[min(below + 1, values.count - 1)])
    let fraction = rank - Double(below)
    // Neither 0·∞ nor ∞ - ∞ may turn into nan.
    if fraction == 0 || low == high { return low }
    if low.isFinite && high.isFinite { return low * (1 - fraction) + high * fraction }
    if low.isInfinite && high.isInfinite { return 0 }
    return low.isInfinite ? low : high
  }

  /// The median of a sorted sample.
  package static func median(ofSorted values: [Double]) -> Double {
    quantile(0.5, ofSorted: values)
  }
}
