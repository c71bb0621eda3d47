import Foundation
import MetaLearning
import Reports

/// How much of what tells rates apart coarser rates would have.
struct VarianceExplained: Sendable {
  /// One way to share rates.
  struct Row: Sendable {
    /// In words: `tensor`, `layerFactor by layer`.
    let name: String
    let fit: GroupedVariance.Fit
  }

  /// From coarse to fine.
  let rows: [Row]
  /// The best layer factors, by layers and by tensors.
  let factors: [(index: LayerIndex, base: Double, factor: Double, fit: GroupedVariance.Fit)]
  /// The standard deviation of the logarithms.
  let spread: Double
  /// How many rates are above 0, of all.
  let (positive, count): (Int, Int)

  /// Of the logarithms of one number per parameter, nil for those that have none.
  init(_ logarithms: [[Double?]], _ layout: RateLayout) {
    let flat = logarithms.joined()
    let values = flat.compactMap { $0 }
    (positive, count) = (values.count, flat.count)
    func known(_ groups: [Int]) -> [Int] {
      zip(flat, groups).compactMap { $0 == nil ? nil : $1 }
    }
    factors = LayerIndex.allCases.reversed().map { index in
      let line = GroupedVariance.line(
        values, over: known(layout.groups(of: .layerFactor(index: index))))
      return (index, exp(line.intercept), exp(line.slope), line.fit)
    }
    let orbit = Granularity.orbit(assumesFresh: !layout.symmetry.hasFreshWeights)
    rows =
      factors.map { Row(name: Granularity.layerFactor(index: $0.index).text, fit: $0.fit) }
      + [Granularity.layer, .tensor, .inputUnit, .outputUnit, orbit].map { granularity in
        Row(
          name: granularity.text,
          fit: GroupedVariance.fit(values, by: known(layout.groups(of: granularity))))
      }
    spread = values.count > 1 ? Summary(values).standardDeviation! : 0
  }

  /// What no coarser rates than one per parameter have.
  var residual: Double? {
    rows.compactMap(\.fit.share).max().map { max(0, 1 - $0) }
  }
}
