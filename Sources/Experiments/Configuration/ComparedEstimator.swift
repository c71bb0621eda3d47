import MetaLearning

/// What a hypergradient can be asked of besides by a run: an estimator, or the implicit function
/// theorem for weight decay.
package enum ComparedEstimator: Sendable, Equatable {
  /// An estimator of the rates' hypergradient.
  case estimator(EstimatorSpecification)
  /// Conjugate gradients, at most so many and to a tolerance, and so many terms of a Neumann series.
  case implicit(iterations: Int, tolerance: Double, terms: Int)

  /// Reads what stands after `--estimator`: a kind, or a mapping with its numbers, as strictly as
  /// `hypergradient.estimator` in a configuration.
  package init(option text: String) throws(ConfigurationError) {
    let source = ConfigurationSource.commandLine("--estimator \(text)")
    let node = try ConfigurationNode(yaml: text) { _, _ in source }
    let written = try KindSection(node, path: "", of: .comparedEstimators)
    guard written.kind == "implicit" else {
      self = .estimator(try EstimatorSpecification(written))
      return
    }
    self = .implicit(
      iterations: try written.section.integer("iterations", default: 100),
      tolerance: try written.section.number("tolerance", default: 1e-8, in: .positive),
      terms: try written.section.integer("terms", default: 200))
  }

  /// Its kind.
  package var name: String {
    switch self {
    case .estimator(let specification): specification.name
    case .implicit: "implicit"
    }
  }
}

extension EstimatorSpecification {
  /// Its kind, as configurations write it.
  package var name: String {
    (node["kind"] ?? node).word ?? ""
  }

  /// Why it cannot work for such rates over so many inner steps; nil where it can.
  func impossibility(steps: Int, rates: RateSpecification) -> String? {
    if needsConstantRates, rates.time != .constant {
      return "found an estimator that keeps one number a parameter beside rates that change over "
        + "time, expected rates.time constant; or choose the estimator reverse"
    }
    if case .evolution(_, _, let window?) = self {
      guard steps % window == 0 else {
        return "found a window of \(window) steps, expected one that divides the \(steps) inner "
          + "steps"
      }
      guard rates.time == .constant || window == steps else {
        return "found windows beside rates that change over time, expected rates.time constant"
      }
    }
    return nil
  }

  /// Whether it leaves nothing out of the rates' hypergradient over so many steps.
  func isExact(steps: Int) -> Bool {
    switch self {
    case .reverse, .forward: true
    case .truncated(let window): window >= steps
    case .firstOrder: steps == 1
    case .diagonalForward, .online, .evolution: false
    }
  }
}
