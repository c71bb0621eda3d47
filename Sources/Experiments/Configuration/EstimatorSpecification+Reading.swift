import MetaLearning

extension EstimatorSpecification {
  /// Reads an estimator.
  init(_ written: KindSection) throws(ConfigurationError) {
    let section = written.section
    switch written.kind {
    case "reverse": self = .reverse
    case "truncated": self = .truncated(window: try section.integer("window", default: 10))
    case "forward": self = .forward
    case "diagonalForward":
      self = .diagonalForward(decay: try section.number("decay", default: 1, in: .fraction))
    case "online": self = .online
    case "evolution":
      self = .evolution(
        pairs: try section.integer("pairs", default: 16),
        deviation: try section.number("deviation", default: 0.01, in: .positive),
        window: section["window"] == nil ? nil : try section.integer("window", default: 1))
    case "firstOrder": self = .firstOrder
    default: preconditionFailure("the table has \(written.kind), which is not read")
    }
  }

  /// How it is written.
  var node: ConfigurationNode {
    switch self {
    case .reverse: .kind("reverse")
    case .truncated(let window): .kind("truncated", [("window", .number(window))])
    case .forward: .kind("forward")
    case .diagonalForward(let decay): .kind("diagonalForward", [("decay", .number(decay))])
    case .online: .kind("online")
    case .evolution(let pairs, let deviation, let window):
      .kind(
        "evolution",
        [("pairs", .number(pairs)), ("deviation", .number(deviation))]
          + (window.map { [("window", .number($0))] } ?? []))
    case .firstOrder: .kind("firstOrder")
    }
  }
}

extension ObjectiveSpecification {
  /// Reads an objective.
  init(_ written: KindSection, steps: Int) throws(ConfigurationError) {
    switch written.kind {
    case "final": self = .final
    case "mean": self = .mean
    case "training": self = .training
    case "weighted":
      let section = written.section
      guard let node = section["weights"] else {
        throw section.missing("weights", expected: "a list of \(steps) numbers, one an inner step")
      }
      var weights: [Double] = []
      for item in node.listed {
        weights.append(try item.number(at: section.path(of: "weights"), in: .nonnegative))
      }
      guard weights.count == steps, weights.contains(where: { $0 > 0 }) else {
        throw ConfigurationError(
          at: node.source, path: section.path(of: "weights"),
          message: "found \(weights.count) weights, expected \(steps), one an inner step and not "
            + "all 0")
      }
      self = .weighted(weights)
    default: preconditionFailure("the table has \(written.kind), which is not read")
    }
  }

  /// How it is written.
  var node: ConfigurationNode {
    switch self {
    case .final: .kind("final")
    case .mean: .kind("mean")
    case .training: .kind("training")
    case .weighted(let weights):
      .kind("weighted", [("weights", .list(weights.map { .number($0) }))])
    }
  }
}
