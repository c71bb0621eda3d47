import MetaLearning

extension RateSpecification {
  /// What tables call rates that were learned with it: `learned per tensor + per parameter and step`.
  var learnedName: String {
    let terms = [(granularity, time)] + offsets.map { ($0.granularity, $0.time) }
    return "learned " + terms.map { $0.learnedName(over: $1) }.joined(separator: " + ")
  }
}

extension Granularity {
  fileprivate func learnedName(over time: RateTime) -> String {
    let name =
      switch self {
      case .global: "global rate"
      case .layerFactor: "layer factor"
      case .layer: "per layer"
      case .tensor: "per tensor"
      case .inputUnit: "per input unit"
      case .outputUnit: "per output unit"
      case .orbit: "per orbit"
      case .parameter: "per parameter"
      }
    return switch time {
    case .constant: name
    case .window(let width): "\(name) and \(width) steps"
    case .step: "\(name) and step"
    case .knots(let count): "\(name) and \(count) knots"
    }
  }
}

extension Learning {
  /// What is learned besides rates: `initial weights, scalars`; empty where that is nothing.
  package func namesBesidesRates(of inner: InnerSpecification) -> String {
    targets.compactMap { target in
      switch target {
      case .rates: nil
      case .initialWeights: "initial weights"
      case .optimizerScalars: inner.hasScalars ? "scalars" : nil
      }
    }.joined(separator: ", ")
  }
}
