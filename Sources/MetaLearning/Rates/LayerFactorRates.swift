import Foundation
import Settings
import TensorPrograms

/// base · factor^index, index 0 nearest the input, counting layers unless the granularity is
/// `layerFactor` and says otherwise.
public struct LayerFactorRates: InitialRates {
  /// The rate of index 0.
  public var base: Double
  /// What each index further up multiplies by.
  public var factor: Double

  /// The word for it.
  public static let word = "layerFactor"
  /// Base and factor; the factor must be written.
  public static let schema = Schema<Self>(
    "a base and a factor for each layer further up",
    Setting("base", \.base, .number(.finite), "the rate nearest the input"),
    Setting(
      "factor", \.factor, .number(.positive), "what each layer further up multiplies by",
      mustBeWritten: true))

  /// A base of 0.1, unless said otherwise.
  public init(base: Double = 0.1, factor: Double) {
    self.base = base
    self.factor = factor
  }

  /// The unconstrained numbers of the rates; where the factor is trained itself, base and log
  /// factor.
  public func unconstrained(_ start: RateStart) throws -> [Tensor] {
    let layout = start.layout
    guard factor > 0, factor.isFinite else { throw RateError.impossibleFactor(factor) }
    if case .layerFactor = layout.specification.granularity {
      return [
        Tensor(repeating: try layout.unconstrained(base), layout.types[0]),
        Tensor(repeating: log(factor), layout.types[1]),
      ]
    }
    var values = [Double?](repeating: nil, count: layout.types.count)
    for (tensor, source) in layout.sources.enumerated() where values[source] == nil {
      values[source] = try layout.unconstrained(
        base * pow(factor, Double(layout.exponents[tensor])))
    }
    return zip(layout.types, values).map { Tensor(repeating: $1!, $0) }
  }

  /// A rate that the parameterization cannot give, in some layer.
  public func conflict(with rates: RateSpecification, layers: Int?) -> Conflict? {
    if let conflict = conflict(rates.parameterization, "base", base, giving: base) {
      return conflict
    }
    // A factor that is trained itself multiplies outside the parameterization.
    if case .layerFactor = rates.granularity { return nil }
    return (1..<max(1, layers ?? 1)).lazy.compactMap { index in
      let rate = base * pow(factor, Double(index))
      return conflict(
        rates.parameterization, "factor", factor, giving: rate,
        ", so that layer \(index) starts at \(rate)")
    }.first
  }
}
