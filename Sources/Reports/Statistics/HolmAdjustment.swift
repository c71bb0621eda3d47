/// Holm's step-down adjustment of p-values for a family of comparisons.
package enum HolmAdjustment {
  /// The adjusted p-values, in the order given: reject those up to α, and the chance of any false
  /// rejection in the family is at most α, whatever the dependence.
  ///
  /// With p₍₁₎ ≤ … ≤ p₍ₘ₎, the adjusted p₍ᵢ₎ is the greatest (m - j + 1)·p₍ⱼ₎ over j ≤ i, at most
  /// 1.
  package static func adjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var greatest = 0.0
    for (position, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated()
    {
      greatest = max(greatest, min(1, Double(pValues.count - position) * pValues[index]))
      adjusted[index] = greatest
    }
    return adjusted
  }
}
