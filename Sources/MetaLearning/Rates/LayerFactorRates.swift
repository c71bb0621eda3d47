import Foundation
import Settings
import TensorPrograms

/// base · factor^index, index 0 nearest the input.
public struct LayerFactorRates: InitialRates {
  /// The rate of index 0.
  public var base: Double
  /// What each index further up multiplies by.
  public var factor: Double
  /// What the index counts; nil for what the granularity says, or layers where it says nothing.
  public var index: LayerIndex?

  /// The word for it.
  public static let word = "layerFactor"
  /// Base and factor; the factor must be written.
  public static let schema = Schema<Self>(
    "a base and a factor for each layer further up",
    Setting("base", \.base, .number(.finite), "the rate nearest the input"),
    Setting(
      "factor", \.factor, .number(.positive), "what each layer further up multiplies by",
      mustBeWritten: true),
    Setting(
      "index", \.index, .optional(.word("an index")),
      "what the exponent counts; none for what rates.granularity says, or else layers",
      isWritten: { $0.index != nil }))

  /// A base of 0.1, unless said otherwise.
  public init(base: Double = 0.1, factor: Double, index: LayerIndex? = nil) {
    self.base = base
    self.factor = factor
    self.index = index
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
        base * pow(factor, Double(index == .tensor ? tensor : layout.exponents[tensor])))
    }
    return zip(layout.types, values).map { Tensor(repeating: $1!, $0) }
  }

  /// A rate that the parameterization cannot give, in some layer.
  public func conflict(with rates: RateSpecification, layers: Int?) -> Conflict? {
    if let conflict = conflict(rates.parameterization, "base", base, giving: base) {
      return conflict
    }
    if case .layerFactor(let counted) = rates.granularity {
      // A factor that is trained itself multiplies outside the parameterization.
      guard let index, index != counted else { return nil }
      return Conflict(
        "index", index.rawValue, " beside the granularity layerFactor by \(counted.rawValue)",
        expected: counted.rawValue)
    }
    if index == .tensor, [.global, .layer].contains(rates.granularity) {
      return Conflict(
        "index", "tensor", " beside the granularity \(rates.granularity), which tensors share",
        expected: "layer", ifUnwritten: "set rates.granularity to tensor")
    }
    return (1..<max(1, layers ?? 1)).lazy.compactMap { index in
      let rate = base * pow(factor, Double(index))
      return conflict(
        rates.parameterization, "factor", factor, giving: rate,
        ", so that layer \(index) starts at \(rate)")
    }.first
  }
}
