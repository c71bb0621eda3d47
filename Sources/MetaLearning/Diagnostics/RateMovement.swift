import TensorPrograms

extension RateLayout {
  /// How far rates are from where they started, and how many are where rates should not be.
  func movement(
    of unconstrained: [Tensor], from initial: [Tensor]
  ) -> (moved: Double, negative: Double, atBound: Double) {
    let rates = expanded(unconstrained).flatMap(\.doubles)
    let before = expanded(initial)
    let start = before.flatMap(\.doubles)
    let moved = zip(rates, start).count { abs($0 - $1) > 0.01 * abs($1) }
    let statistics = RateStatistics(
      rates, parameterization: specification.parameterization,
      typical: RateStatistics.typical(before))
    return (
      Double(moved) / Double(max(1, rates.count)), statistics.fractionNegative,
      statistics.fractionAtBound
    )
  }
}
