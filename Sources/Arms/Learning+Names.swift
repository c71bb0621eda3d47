import MetaLearning

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
