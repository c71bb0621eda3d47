import Settings
import TensorPrograms

/// The same rate everywhere.
public struct UniformRates: InitialRates {
  /// The rate.
  public var rate: Double

  /// The word for it.
  public static let word = "uniform"
  /// What it is, and its rate.
  public static let schema = Schema<Self>(
    "the same rate everywhere", Setting("rate", \.rate, .number(.finite), "the rate"))

  /// 0.1, unless said otherwise.
  public init(rate: Double = 0.1) { self.rate = rate }

  /// The rate's unconstrained number in every place; layer factors start at 1.
  public func unconstrained(_ start: RateStart) throws -> [Tensor] {
    let (layout, value) = (start.layout, try start.layout.unconstrained(rate))
    if case .layerFactor = layout.specification.granularity {
      return [Tensor(repeating: value, layout.types[0]), .zeros(layout.types[1])]
    }
    return layout.types.map { Tensor(repeating: value, $0) }
  }

  /// A rate that the parameterization cannot give.
  public func conflict(with rates: RateSpecification, layers: Int?) -> Conflict? {
    conflict(rates.parameterization, "rate", rate, giving: rate)
  }
}
