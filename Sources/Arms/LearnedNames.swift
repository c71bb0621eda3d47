import MetaLearning

extension RateSpecification {
  /// What tables call rates that were learned with it: `learned per output unit and step`.
  var learnedName: String {
    let name =
      switch granularity {
      case .global: "learned global rate"
      case .layerFactor: "learned layer factor"
      case .layer: "learned per layer"
      case .tensor: "learned per tensor"
      case .outputUnit: "learned per output unit"
      case .parameter: "learned per parameter"
      }
    return switch time {
    case .constant: name
    case .window(let width): "\(name) and \(width) steps"
    case .step: "\(name) and step"
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
