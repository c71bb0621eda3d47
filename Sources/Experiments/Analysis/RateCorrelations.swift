import MetaLearning
import Reports

/// What learned rates rise with, by ranks.
struct RateCorrelations: Sendable {
  /// One quantity.
  struct Quantity: Sendable {
    /// In words, for a column's heading.
    let name: String
    /// Its values for each tensor; nil where it is not known there.
    let values: [[Double]?]
  }

  let quantities: [Quantity]
  /// By tensor, then all of them: Spearman's correlation with each quantity.
  let rows: [(name: String, correlations: [Double?])]

  init(_ analysis: RateAnalysis) {
    let (first, last) = (analysis.moments[0], analysis.moments[analysis.moments.count - 1])
    quantities = [
      Quantity(
        name: "1/|curvature| at the start",
        values: first.curvature.map { $0.doubles.map { 1 / abs($0) } }),
      Quantity(
        name: "at the end", values: last.curvature.map { $0.doubles.map { 1 / abs($0) } }),
      Quantity(name: "gradient variance", values: last.gradientVariance.map(\.doubles)),
      Quantity(name: "weight magnitude", values: last.weights.map { $0.doubles.map(abs) }),
      Quantity(
        name: "input variance",
        values: analysis.layout.parameters.paths.indices.map { analysis.inputs(of: $0) }),
    ].filter { $0.values.contains { $0 != nil } }

    let tensors = analysis.layout.parameters.paths.map(\.description)
    func correlation(_ quantity: Quantity, _ tensors: [Int]) -> Double? {
      var (rates, others): ([Double], [Double]) = ([], [])
      for tensor in tensors {
        guard let values = quantity.values[tensor] else { continue }
        for (rate, value) in zip(analysis.logarithms[tensor], values) {
          guard let rate, value.isFinite else { continue }
          rates.append(rate)
          others.append(value)
        }
      }
      return RankCorrelation.spearman(rates, others)
    }
    let groups = tensors.enumerated().map { ($1, [$0]) } + [("all", Array(tensors.indices))]
    let quantities = quantities
    rows = groups.map { name, members in
      (name, quantities.map { correlation($0, members) })
    }
  }
}
