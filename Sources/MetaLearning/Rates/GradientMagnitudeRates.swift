import Settings
import TensorPrograms

/// Rates in inverse proportion to the root mean square of gradients over the first steps of one
/// run, with the given median over the parameters, and within a hundred times it either way, as
/// some gradients are always zero.
public struct GradientMagnitudeRates: InitialRates {
  /// The median rate.
  public var median: Double
  /// Batches that gradients are measured on.
  public var batches: Int

  /// The word for it.
  public static let word = "gradientMagnitude"
  /// Median and batches.
  public static let schema = Schema<Self>(
    "in inverse proportion to the root mean square of gradients",
    Setting("median", \.median, .number(.positive), "the median rate over the parameters"),
    Setting(
      "batches", \.batches, .integer(1...10_000), unit: "batches",
      "batches that gradients are measured on"))

  /// A median of 0.1 over eight batches, unless said otherwise.
  public init(median: Double = 0.1, batches: Int = 8) {
    self.median = median
    self.batches = batches
  }

  /// The unconstrained numbers of the rates.
  public func unconstrained(_ start: RateStart) throws -> [Tensor] {
    try start.layout.unconstrained(
      inverseTo: try start.gradientMeanSquares(batches), median: median)
  }

  /// A gradient of each batch.
  public func cost(tensors: Int) -> Budget { Budget(gradients: batches) }

  /// A rate that the parameterization cannot give, at the median or a hundred times off it.
  public func conflict(with rates: RateSpecification, layers: Int?) -> Conflict? {
    conflict(rates.parameterization, "median", median, giving: median)
      ?? [(median / 100, "below"), (median * 100, "above")].lazy.compactMap { rate, side in
        conflict(
          rates.parameterization, "median", median, giving: rate,
          ", as rates may start a hundred times \(side) it")
      }.first
  }
}
