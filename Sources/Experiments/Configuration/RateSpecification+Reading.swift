import Foundation
import MetaLearning

extension RateSpecification {
  /// Reads the section `rates`, for a model of so many layers.
  init(_ section: Section, layers: Int) throws(ConfigurationError) {
    self.init()
    granularity = try Granularity(
      section.kinded("granularity", of: .granularities, default: "parameter"))
    time = try RateTime(section.kinded("time", of: .times, default: "constant"))
    parameterization = try Parameterization(
      section.kinded("parameterization", of: .parameterizations, default: "log"))
    initial = try InitialRates(
      section.kinded("initial", of: .initialRates, default: "uniform"), parameterization,
      exponents: RateSpecification.isExponent(granularity) ? 1 : layers)
  }

  /// Whether the factor is a trainable number of its own rather than part of the initial rates.
  private static func isExponent(_ granularity: Granularity) -> Bool {
    if case .layerFactor = granularity { true } else { false }
  }
}

extension Granularity {
  /// Reads a granularity.
  fileprivate init(_ granularity: KindSection) throws(ConfigurationError) {
    switch granularity.kind {
    case "global": self = .global
    case "layerFactor":
      self = .layerFactor(
        index: try granularity.section.word("index", default: .layer, of: .layerIndices))
    case "layer": self = .layer
    case "tensor": self = .tensor
    case "row": self = .row
    case "parameter": self = .parameter
    default: preconditionFailure("granularity \(granularity.kind) is not read")
    }
  }
}

extension RateTime {
  /// Reads how rates change over the steps.
  fileprivate init(_ time: KindSection) throws(ConfigurationError) {
    switch time.kind {
    case "constant": self = .constant
    case "window":
      guard time.section["steps"] != nil else {
        throw time.section.missing("steps", expected: "a whole number from 1")
      }
      self = .window(try time.section.integer("steps", default: 1))
    case "step": self = .step
    default: preconditionFailure("time \(time.kind) is not read")
    }
  }
}

extension Parameterization {
  /// Reads a parameterization.
  fileprivate init(_ parameterization: KindSection) throws(ConfigurationError) {
    switch parameterization.kind {
    case "direct": self = .direct
    case "log": self = .log
    case "softplus": self = .softplus
    case "sigmoid":
      self = .sigmoid(
        maximum: try parameterization.section.number("maximum", default: 1, in: .positive))
    default: preconditionFailure("parameterization \(parameterization.kind) is not read")
    }
  }

  /// The word for it.
  var word: String {
    switch self {
    case .direct: "direct"
    case .log: "log"
    case .softplus: "softplus"
    case .sigmoid: "sigmoid"
    }
  }

  /// Rates that have a raw number.
  fileprivate var possibleRates: NumberRange {
    let range: NumberRange =
      switch self {
      case .direct: .finite
      case .log, .softplus: .positive
      case .sigmoid(let maximum): .positive(below: maximum)
      }
    return range.under("parameterization \(word)")
  }
}

extension InitialRates {
  /// Reads initial rates, which the parameterization must be able to give at every exponent.
  fileprivate init(
    _ initial: KindSection, _ parameterization: Parameterization, exponents: Int
  ) throws(ConfigurationError) {
    let section = initial.section
    let range = parameterization.possibleRates
    func check(
      _ rate: Double, _ key: String, _ value: Double, _ context: String = ""
    ) throws(ConfigurationError) {
      guard range.admits(rate), parameterization.raw(rate) != nil else {
        let isWritten = section[key] != nil
        throw section.impossible(
          key, value, context, expected: range.description,
          advice: isWritten ? nil : "set \(section.path(of: key))")
      }
    }
    func rate(_ key: String) throws(ConfigurationError) -> Double {
      let rate = try section.number(key, default: 0.1, in: range)
      try check(rate, key, rate)
      return rate
    }
    switch initial.kind {
    case "uniform": self = .uniform(rate: try rate("rate"))
    case "layerFactor":
      let base = try rate("base")
      let factor = try section.number("factor", in: .positive)
      for index in 0..<exponents {
        let rate = base * pow(factor, Double(index))
        try check(rate, "factor", factor, ", so that layer \(index) starts at \(rate)")
      }
      self = .layerFactor(base: base, factor: factor)
    case "gradientMagnitude":
      let median = try section.number("median", default: 0.1, in: range)
      // Rates lie up to a hundred times off the median.
      for (rate, side) in [(median / 100, "below"), (median * 100, "above")] {
        try check(rate, "median", median, ", as rates may start a hundred times \(side) it")
      }
      self = .gradientMagnitude(
        median: median, batches: try section.integer("batches", default: 8))
    case "checkpoint":
      let reference = try CheckpointReference(section)
      self = .given(source: reference.file, state: reference.state)
    default: preconditionFailure("initial value \(initial.kind) is not read")
    }
  }
}
